"""Before a survey, while it is covered, and after it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.interviewing import Wish
from surveys.models import SurveyDebrief

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*", "maxlength": "8"}


class BeforeForm(forms.Form):
    """The code by which the interviewer comes back after somebody came in."""

    pin = forms.CharField(
        label=_("A code of your own for today"),
        max_length=8,
        widget=forms.PasswordInput(attrs=_DIGITS),
        help_text=_("4 to 8 digits. If somebody comes in, one tap shows another sheet; with the code you come back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("alone", _("We are alone: begin"), css_class="btn-primary btn-lg w-100"))


class CodeForm(forms.Form):
    """The code, on the harmless sheet."""

    code = forms.CharField(
        label=_("Code of the sheet"), required=False, max_length=8, widget=forms.PasswordInput(attrs=_DIGITS)
    )


class DebriefForm(forms.Form):
    """How it was for the interviewer, and whom the woman wants to talk to the next time."""

    wish = forms.ChoiceField(
        label=_("Whom does she want to talk to next time?"),
        choices=Wish.choices,
        widget=forms.RadioSelect,
        initial=Wish.ANY,
    )
    codes = forms.MultipleChoiceField(
        label=_("How did it go?"),
        choices=SurveyDebrief.Code.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("For yourself. It is kept sealed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save and finish"), css_class="btn-primary btn-lg w-100"))

    def words(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        filled = self.cleaned_data
        codes = [SurveyDebrief.Code(code) for code in filled["codes"]]
        return {"wish": Wish(filled["wish"]), "codes": codes, "note": filled["note"]}
