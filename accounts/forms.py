"""Signing in and choosing a language."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(AuthenticationForm):
    """User name and password, large enough for a thumb."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is not right. Look at capital letters, too."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: object, **kwargs: object) -> None:
        super().__init__(request, *args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_error_title = _("You could not sign in:")
        self.helper.add_input(Submit("submit", _("Sign in"), css_class="btn-primary btn-lg w-100"))


class LanguageForm(forms.Form):
    """The language, and the page to come back to."""

    language = forms.ChoiceField(choices=User.Language.choices)
    next = forms.CharField(required=False)
