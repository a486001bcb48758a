"""What an administrator types to draw and to lock."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from stations.services import normalised_seed


class DrawForm(forms.Form):
    """The seed."""

    seed = forms.CharField(
        label=_("Seed"),
        max_length=60,
        help_text=_("A whole number that you could not choose to your liking, for example a lottery result."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("draw", _("Draw and allocate")))

    def clean_seed(self) -> str:
        try:
            return normalised_seed(self.cleaned_data["seed"])
        except StudyError as error:
            raise forms.ValidationError(str(error)) from error


class LockForm(forms.Form):
    """A word typed on purpose: locking is for ever."""

    understood = forms.BooleanField(label=_("I have seen the balance and know that this can never be undone."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("lock", _("Lock for ever"), css_class="btn-danger"))
