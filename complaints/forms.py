"""A complaint as it is told, and what was done about it."""

from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models import Complaint, ComplaintStep, Desk
from complaints.queries import participant_named
from complaints.services import Told
from complaints.states import State, may_become
from participants.models import Participant

Kind = ComplaintStep.Kind
_WORDS = {"rows": 4, "autocomplete": "off"}


class ComplaintForm(forms.Form):
    """What was complained of, by whom, and whose desk looks into it."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    source = forms.TypedChoiceField(
        label=_("Who complained"),
        choices=Complaint.Source.choices,
        coerce=Complaint.Source,
        widget=forms.RadioSelect,
    )
    study_code = forms.CharField(
        label=_("Code of the participant"),
        max_length=16,
        required=False,
        help_text=_("Empty if she did not say who she is, or it is about nobody in particular."),
    )
    about = forms.TypedChoiceField(
        label=_("What it is about"),
        choices=Complaint.About.choices,
        coerce=Complaint.About,
        widget=forms.RadioSelect,
    )
    told_on = forms.DateField(
        label=_("Day on which it was told"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=_("In the words in which it was told (kept sealed)"),
        max_length=4000,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_("Only those who look into it read this."),
    )
    severity = forms.TypedChoiceField(
        label=_("How grave it is"),
        choices=Complaint.Severity.choices,
        coerce=Complaint.Severity,
        widget=forms.RadioSelect,
    )
    concerns_safety = forms.BooleanField(
        label=_("Somebody’s safety is concerned: tell the safety officer now"),
        required=False,
        help_text=_("She then reads these words too, whoever looks into them."),
    )
    desk = forms.TypedChoiceField(
        label=_("Who looks into it"),
        choices=Desk.choices,
        coerce=Desk,
        widget=forms.RadioSelect,
        help_text=_("If it is about somebody of the one, choose the other."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["told_on"].initial = timezone.localdate()
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Write it down"), css_class="btn-primary btn-lg w-100"))

    def clean_study_code(self) -> Participant | None:
        """Return the woman of the code, None where none was written."""
        code = self.cleaned_data["study_code"]
        woman = participant_named(self.user, code) if code else None
        if code and woman is None:
            raise ValidationError(_("Nobody whom you may name has this code."))
        return woman

    def told(self) -> Told:
        """Return what was told, as the service takes it."""
        filled = dict(self.cleaned_data)
        return Told(participant=filled.pop("study_code"), **filled)


class StepForm(forms.Form):
    """What was found or answered, or how it ended; only what may come next is offered."""

    kind = forms.TypedChoiceField(label=_("What was done"), coerce=Kind, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[("", _("It has not ended yet")), *Complaint.Outcome.choices],
        required=False,
        help_text=_("Only when it is closed."),
    )
    note = forms.CharField(
        label=_("In a few words (kept sealed)"), max_length=4000, required=False, widget=forms.Textarea(attrs=_WORDS)
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = {Kind.ANSWERED: State.ANSWERED, Kind.CLOSED: State.CLOSED}
        kinds = [Kind.NOTED, *(kind for kind, state in following.items() if may_become(complaint.state, state))]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Save"), css_class="btn-primary"))
