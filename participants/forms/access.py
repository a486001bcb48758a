"""Emergency openings, what came of them, conflicts of interest, and the sealed data of officers."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.identity import StaffIdentity
from participants.models import AccessNotice, EmergencyOpening


class EmergencyForm(forms.Form):
    """Why a card is needed now, in a choice and a sentence."""

    cause = forms.ChoiceField(
        label=_("What happened"), choices=EmergencyOpening.Cause.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why you need this card now"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("A sentence. It is kept sealed; the safety officer reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("open", _("Open the card"), css_class="btn-danger btn-lg w-100"))


class VerdictForm(forms.Form):
    """What the safety officer found."""

    verdict = forms.ChoiceField(
        label=_("What came of it"), choices=AccessNotice.Verdict.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))


class ConflictForm(forms.Form):
    """One tick: no word is asked that would tell who knows whom."""

    confirmed = forms.BooleanField(
        label=_("I know her, her family or the man she reported; somebody else should visit her."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("declare", _("Declare")))


class StaffCardForm(forms.Form):
    """From the personnel file: compared with hashes, shown to nobody afterwards."""

    surnames = forms.CharField(label=_("Surnames, both"), max_length=80)
    document = forms.CharField(label=_("Document number"), max_length=20)
    address = forms.CharField(label=_("Home address"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Seal")))

    def clean_surnames(self) -> str:
        surnames: str = self.cleaned_data["surnames"]
        if len(surnames.split()) < 2:  # noqa: PLR2004 - a father's and a mother's
            raise forms.ValidationError(_("Write both surnames: one alone is shared by too many."))
        return surnames

    def identity(self) -> StaffIdentity:
        """Return what is to be sealed."""
        return StaffIdentity(**self.cleaned_data)
