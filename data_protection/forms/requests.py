"""Requests about women's own data: taken in, and their steps at the desk."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from data_protection import queries
from data_protection.forms.incidents import StepForm
from data_protection.models import DataRequest
from participants.models import Participant

Status = DataRequest.Status


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note (kept sealed)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


def _found(user: User, study_code: str) -> Participant | None:
    """Return the woman of a code that was typed, None for none. Raise ValidationError for a code of nobody in scope."""
    if not study_code.strip():
        return None
    woman = queries.participant_coded(user, study_code, timezone.now())
    if woman is None:
        raise forms.ValidationError(_("There is no code %(code)s."), params={"code": study_code.strip().upper()})
    return woman


class RequestForm(forms.Form):
    """What she asks, how and when it came in; whose it is by code only."""

    kind = forms.ChoiceField(label=_("What she asks"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How it came in"), choices=DataRequest.Channel.choices)
    received_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    study_code = forms.CharField(
        label=_("Her code"),
        max_length=16,
        required=False,
        help_text=_("Leave it blank if she is not known here: then nothing says who she is but the number she takes."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = _note()

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.initial.setdefault("received_on", timezone.localdate())
        if by.role == Role.INTERVIEWER:
            self.fields["study_code"].required = True
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Take it in"), css_class="btn-primary btn-lg w-100"))

    def clean_study_code(self) -> Participant | None:
        return _found(self.by, self.cleaned_data["study_code"])

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes beside who and when."""
        filled = self.cleaned_data
        return {
            "kind": DataRequest.Kind(filled["kind"]),
            "channel": DataRequest.Channel(filled["channel"]),
            "received_on": filled["received_on"],
            "participant": filled["study_code"],
            "note": filled["note"],
        }


class CorrectionForm(forms.Form):
    """What was written wrong, written anew; what stays blank was right."""

    full_name = forms.CharField(label=_("Full name"), max_length=160, required=False)
    document = forms.CharField(label=_("Document number"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Correct it"), css_class="btn-primary btn-lg w-100"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Write what is to be corrected."))
        return cleaned

    def changes(self) -> dict[str, str]:
        """Return the fields that change."""
        return {name: words for name, words in self.cleaned_data.items() if words}


class VerifyForm(StepForm):
    """How it was checked who asks."""

    step, button = "verify", _("Who asks is checked")

    how = forms.ChoiceField(label=_("How it was checked"), choices=DataRequest.Verified.choices)

    def arguments(self) -> dict[str, Any]:
        return {"how": DataRequest.Verified(self.cleaned_data["how"])}


class FoundForm(VerifyForm):
    """The same where it is not known yet who she is here."""

    study_code = forms.CharField(
        label=_("Her code, if she is one of the people here"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_study_code(self) -> Participant | None:
        woman = Participant.objects.filter(study_code=self.cleaned_data["study_code"].strip().upper()).first()
        if self.cleaned_data["study_code"].strip() and woman is None:
            raise forms.ValidationError(
                _("There is no code %(code)s."), params={"code": self.cleaned_data["study_code"].strip().upper()}
            )
        return woman

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "participant": self.cleaned_data["study_code"]}


class ExtendForm(StepForm):
    """Why more time is needed."""

    step, button, css_class = "extend", _("Extend the term once"), "btn-outline-secondary"

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=DataRequest.ExtensionReason.choices,
        help_text=_("She is told before the first term is over."),
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": DataRequest.ExtensionReason(self.cleaned_data["reason"])}


class AnswerForm(StepForm):
    """That she has her answer."""

    step, button = "answer", _("She has her answer")

    note = _note()


class RefuseForm(StepForm):
    """Why it is refused."""

    step, button, css_class = "refuse", _("Refuse"), "btn-outline-secondary"

    reason = forms.ChoiceField(label=_("Why"), choices=DataRequest.Refusal.choices)
    note = _note()

    def arguments(self) -> dict[str, Any]:
        return {"reason": DataRequest.Refusal(self.cleaned_data["reason"]), "note": self.cleaned_data["note"]}


class TakeBackForm(StepForm):
    """She no longer wants it."""

    step, button, css_class = "take_back", _("She no longer wants it"), "btn-outline-secondary"

    note = _note()


# By the state of a request, what the desk can write.
NEXT_STEPS: Mapping[str, tuple[type[StepForm], ...]] = {
    Status.RECEIVED: (VerifyForm, ExtendForm, RefuseForm, TakeBackForm),
    Status.VERIFIED: (AnswerForm, ExtendForm, RefuseForm, TakeBackForm),
    Status.ANSWERED: (),
    Status.REFUSED: (),
    Status.TAKEN_BACK: (),
}


def next_steps(request: DataRequest, posted: Any = None) -> list[StepForm]:
    """Return the forms that a request's state allows, the one that was sent filled with what was typed."""
    sent = posted.get("step") if posted is not None else None
    found = []
    for form in NEXT_STEPS[request.status]:
        chosen = FoundForm if form is VerifyForm and request.participant_id is None else form
        if chosen is ExtendForm and request.extended_on is not None:
            continue
        found.append(chosen(posted if chosen.step == sent else None))
    return found
