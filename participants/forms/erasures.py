"""Asking for an erasure, and confirming one by typing what it concerns."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import Erasure, Participant

OF_ONE_WOMAN = [choice for choice in Erasure.Reason.choices if choice[0] != Erasure.Reason.STUDY_OVER]


class ErasureForm(forms.Form):
    """Whose identity is to be destroyed, and why."""

    study_code = forms.CharField(label=_("Code"), max_length=16)
    reason = forms.ChoiceField(label=_("Reason"), choices=OF_ONE_WOMAN, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study_code"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.add_input(Submit("ask", _("Ask for the erasure")))

    def clean_study_code(self) -> Participant:
        code = self.cleaned_data["study_code"].strip().upper()
        participant = Participant.objects.filter(study_code=code).first()
        if participant is None:
            raise forms.ValidationError(_("There is no code %(code)s."), params={"code": code})
        return participant


class ConfirmForm(forms.Form):
    """What is to be destroyed, typed once more: it cannot be undone."""

    typed = forms.CharField(max_length=16, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["typed"].label = _("Type %(expected)s to confirm") % {"expected": expected}
        self.helper = FormHelper()
        self.helper.add_input(Submit("confirm", _("Confirm: this cannot be undone"), css_class="btn-danger"))

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"].strip()
        if typed.upper() != self.expected:
            raise forms.ValidationError(_("Expected %(expected)s."), params={"expected": self.expected})
        return typed
