"""Forms about a woman's part in the study: a pause, an end, a withdrawal."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import Participant


class WithdrawalForm(forms.Form):
    """Why she leaves; she need not say."""

    REASONS = (
        ("not_said", _("She prefers not to say")),
        ("her_wish", _("She no longer wants to take part")),
        ("safety", _("Taking part is not safe for her")),
        ("time", _("She has no time for it")),
    )

    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, widget=forms.RadioSelect, initial="not_said")
    confirmed = forms.BooleanField(
        label=_("I understand that this cannot be undone: visits and surveys stop at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("withdraw", _("Withdraw"), css_class="btn-danger"))


class StatusForm(forms.Form):
    """A pause, a return, or another end than withdrawal."""

    CHOICES = tuple(
        (value, label) for value, label in Participant.Status.choices if value != Participant.Status.WITHDRAWN
    )
    REASONS = (
        ("safety", _("Safety")),
        ("travel", _("Travel")),
        ("health", _("Health")),
        ("moved", _("Change of address")),
        ("not_found", _("Not found in spite of several attempts")),
        ("returned", _("She is back")),
        ("end", _("End of follow-up")),
    )

    to = forms.ChoiceField(label=_("New status"), choices=())
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS)

    def __init__(self, *args: Any, following: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(value, label) for value, label in self.CHOICES if value in following]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))
