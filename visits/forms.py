"""The log of a visit, short enough for a doorstep, and the reason for a missed one."""

from typing import Any
from uuid import uuid4

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.models import Visit, VisitLog
from visits.services import VisitAnswers

LOCAL_MINUTE = "%Y-%m-%dT%H:%M"
ANSWERS = [*VisitLog.Answer.choices, ("", _("Not asked"))]


class VisitLogForm(forms.Form):
    """The outcome and the hour; what else was seen may stay open. The identifier is made with the form."""

    log_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("What happened"), choices=VisitLog.Outcome.choices, widget=forms.RadioSelect)
    occurred_at = forms.DateTimeField(
        label=_("When"),
        input_formats=[LOCAL_MINUTE, f"{LOCAL_MINUTE}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MINUTE),
    )
    safety_concern = forms.BooleanField(label=_("I am worried about her safety"), required=False)
    in_private = forms.ChoiceField(
        label=_("Could you talk in private?"), choices=ANSWERS, widget=forms.RadioSelect, required=False, initial=""
    )
    new_incident = forms.ChoiceField(
        label=_("Did something happen since the last visit?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    measures_obeyed = forms.ChoiceField(
        label=_("Are the protection measures being obeyed?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    referral_offered = forms.BooleanField(label=_("I told her where she can get help"), required=False)
    note = forms.CharField(
        label=_("Note (kept sealed)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("log_id", uuid4())
        self.initial.setdefault("occurred_at", timezone.localtime())
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.layout = Layout(
            "log_id",
            "outcome",
            "occurred_at",
            "safety_concern",
            Submit("save", _("Save the visit"), css_class="btn-primary btn-lg w-100"),
            Fieldset(
                _("If you spoke with her"),
                Div(InlineRadios("in_private")),
                Div(InlineRadios("new_incident")),
                Div(InlineRadios("measures_obeyed")),
                "referral_offered",
                Field("note"),
                Submit("save_all", _("Save the visit"), css_class="btn-primary btn-lg w-100"),
            ),
        )

    def answers(self) -> VisitAnswers:
        """Return what was seen, as `services.log_visit` takes it."""
        filled = self.cleaned_data
        return VisitAnswers(
            in_private=filled["in_private"],
            new_incident=filled["new_incident"],
            measures_obeyed=filled["measures_obeyed"],
            safety_concern=filled["safety_concern"],
            referral_offered=filled["referral_offered"],
        )


class MissedReasonForm(forms.Form):
    """Why a visit was missed, as a code."""

    reason = forms.ChoiceField(
        label=_("Why was it missed?"), choices=Visit.MissedReason.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the reason"), css_class="btn-primary btn-lg w-100"))
