"""Forms about a woman's part in the study: a pause, an end, a withdrawal."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.consent_scopes import Part
from participants.models import Participant, StatusChange, Withdrawal
from participants.status import REASONS


class WithdrawalForm(forms.Form):
    """What she ends, what becomes of what she told, and why; she need not say."""

    WHOLE = "whole"
    WHAT = ((WHOLE, _("Everything: she leaves the study")), *Part.choices)

    what = forms.MultipleChoiceField(
        label=_("What ends"), choices=WHAT, widget=forms.CheckboxSelectMultiple, initial=[WHOLE]
    )
    past = forms.ChoiceField(
        label=_("What she told so far, if everything ends"),
        choices=(
            ("keep", _("Is kept under her code, without her name in any result")),
            ("erase", _("Her name, address and every note are erased; a second person confirms it")),
        ),
        widget=forms.RadioSelect,
        initial="keep",
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=Withdrawal.Reason.choices, widget=forms.RadioSelect, initial="not_said"
    )
    confirmed = forms.BooleanField(
        label=_("I understand that this cannot be undone: what she ends stops at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("withdraw", _("Withdraw"), css_class="btn-danger"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("past") == "erase" and self.WHOLE not in cleaned.get("what", ()):
            self.add_error("past", _("Her data can be erased only when everything ends."))
        return cleaned

    @property
    def is_whole(self) -> bool:
        """Say whether she leaves the study."""
        return self.WHOLE in self.cleaned_data["what"]

    def parts(self) -> list[Part]:
        """Return the parts that end when she stays."""
        return [Part(value) for value in self.cleaned_data["what"] if value != self.WHOLE]


class StatusForm(forms.Form):
    """A pause, a return, or another end than withdrawal."""

    CHOICES = tuple(
        (value, label) for value, label in Participant.Status.choices if value != Participant.Status.WITHDRAWN
    )

    to = forms.ChoiceField(label=_("New status"), choices=())
    reason = forms.ChoiceField(label=_("Reason"), choices=())
    return_on = forms.DateField(
        label=_("She means to be back on"),
        help_text=_("If she knows. A pause for her safety does not end by itself: that day you are asked to decide."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )

    def __init__(self, *args: Any, following: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(value, label) for value, label in self.CHOICES if value in following]
        self.fields["to"].choices = offered  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (label, [(code, StatusChange.Reason(code).label) for code in REASONS[value]]) for value, label in offered
        ]
        if Participant.Status.PAUSED not in following:
            del self.fields["return_on"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        to, reason = cleaned.get("to"), cleaned.get("reason")
        if to and reason and reason not in REASONS[to]:
            self.add_error("reason", _("Choose a reason that belongs to the new status."))
        if cleaned.get("return_on") and to and to != Participant.Status.PAUSED:
            self.add_error("return_on", _("Only a pause has a day of return."))
        return cleaned


class ReturnDayForm(forms.Form):
    """Another day on which she means to be back."""

    return_on = forms.DateField(
        label=_("She means to be back on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))
