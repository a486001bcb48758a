"""Signing in and choosing a language."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.models import User
from accounts.tokens import DAYS_OFFERED, TokenScope, scopes_open_to


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


class OwnPasswordForm(SetPasswordForm):
    """The password that a person chooses for herself, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].help_text = _("At least 10 letters and digits that nobody would guess.")
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save"), css_class="btn-primary btn-lg w-100"))


class ChangedPasswordForm(OwnPasswordForm, PasswordChangeForm):
    """The same of somebody who has a password of her own: she writes that one first."""

    field_order = ("old_password", "new_password1", "new_password2")


class DaysAwayForm(forms.Form):
    """The days on which somebody is away, and why, as a code of those that `reasons` offers."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until you say that she is back."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    reasons: Sequence[tuple[str, Any]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = self.reasons  # type: ignore[attr-defined]
        self.helper = FormHelper()

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        first, last = filled.get("starts_on"), filled.get("ends_on")
        if first is not None and last is not None and last < first:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        return filled


class WorkEmailForm(forms.Form):
    """Where her work reaches her; empty takes the address away."""

    work_email = forms.EmailField(
        label=_("Work e-mail"),
        required=False,
        help_text=_("Only counts and short reminders go there, never a code or a name. Leave it empty for none."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    hears_mornings = forms.BooleanField(
        label=_("Write in the morning what waits"),
        required=False,
        help_text=_("In counts, and only when something waits. What happens meanwhile is written all the same."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save"), css_class="btn-primary btn-lg w-100"))


class TokenForm(forms.Form):
    """What a key is for, what it may read of that which her role may, and for how long."""

    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("By this you will know it again, for example “Monthly report”."),
    )
    scopes = forms.MultipleChoiceField(label=_("What it may read"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("For how long"), coerce=int, initial=30)

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes_open_to(by)]  # type: ignore[attr-defined]
        offered = [(days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in DAYS_OFFERED]
        self.fields["days"].choices = offered  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("make", _("Make the key"), css_class="btn-primary"))

    def clean_scopes(self) -> list[TokenScope]:
        return [TokenScope(scope) for scope in self.cleaned_data["scopes"]]


class LanguageForm(forms.Form):
    """The language, and the page to come back to."""

    language = forms.ChoiceField(choices=User.Language.choices)
    next = forms.CharField(required=False)
