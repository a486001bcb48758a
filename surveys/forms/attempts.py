"""A try to reach a woman, and why a survey did not come about."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import ContactOverride
from participants.safe_contact import Contact
from surveys.models import CallAttempt, SurveyCase
from surveys.services import Attempt

_MOMENT = {"type": "datetime-local", "step": "300"}
_FORMAT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and hour of Lima, as phones pick them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs=_MOMENT, format=_FORMAT)
        super().__init__(input_formats=[_FORMAT], widget=widget, **kwargs)


class AttemptForm(forms.Form):
    """When, how, what came of it, when again; and why outside her safe times, which is asked only if it was."""

    attempted_at = MomentField(label=_("When"))
    channel = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=CallAttempt.Outcome.choices, widget=forms.RadioSelect
    )
    next_at = MomentField(
        label=_("Next attempt"), required=False, help_text=_("Within her safe times. Empty: nothing is agreed yet.")
    )
    outside_reason = forms.ChoiceField(
        label=_("Why outside her safe times"),
        choices=[("", _("It was within them")), *ContactOverride.Reason.choices],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    sentence = forms.CharField(
        label=_("Why she must be reached at this time"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("A sentence. It is kept sealed; the safety officer hears of it."),
    )

    def __init__(self, *args: Any, channel: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [choice for choice in Contact.choices if choice[0] in (Contact.VISIT, channel)]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        self.fields["channel"].initial = channel
        self.fields["attempted_at"].initial = timezone.localtime(now)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.layout = Layout(
            "attempted_at",
            "channel",
            "outcome",
            "next_at",
            Div("outside_reason", "sentence"),
            Submit("save", _("Save the attempt"), css_class="btn-primary btn-lg w-100"),
        )

    def attempt(self) -> Attempt:
        """Return what was written, as the service takes it."""
        filled = self.cleaned_data
        return Attempt(
            attempted_at=filled["attempted_at"],
            channel=Contact(filled["channel"]),
            outcome=CallAttempt.Outcome(filled["outcome"]),
            next_at=filled["next_at"],
            outside_reason=ContactOverride.Reason(filled["outside_reason"]) if filled["outside_reason"] else None,
            sentence=filled["sentence"],
        )


class MissedForm(forms.Form):
    """Why a survey did not come about, as a code."""

    reason = forms.ChoiceField(
        label=_("Why there was no survey"), choices=SurveyCase.MissedReason.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the reason"), css_class="btn-primary btn-lg w-100"))
