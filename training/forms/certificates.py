"""Checking a certificate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """The code that is printed on a certificate."""

    codigo = forms.CharField(label=_("Code on the certificate"), max_length=60, help_text=_("As ABCD-EFGH-IJKL-MNOP."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("", _("Check it")))
