"""Reporting a phone lost."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


class AccountChoice(forms.ModelChoiceField):
    """An account by the person's name and role."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} · {obj.get_role_display()}"


class LostPhoneForm(forms.Form):
    """Whose phone, and since when: her own, one of the station's, or by user name anybody's."""

    account: forms.Field
    lost_at = forms.DateTimeField(
        label=_("Since when it has been missing, if known"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    confirmed = forms.BooleanField(label=_("The phone is lost or stolen. End everything that it can open."))

    def __init__(self, *args: Any, by: User, accounts: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.accounts = by, accounts
        if by.role == Role.ADMINISTRATOR:
            self.fields["account"] = forms.CharField(
                label=_("User name"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )
        elif by.role == Role.SUPERVISOR:
            self.fields["account"] = AccountChoice(
                label=_("Whose phone"), queryset=accounts, widget=forms.RadioSelect, empty_label=None, initial=by.pk
            )
        self.order_fields(["account", "lost_at", "confirmed"])
        self.helper = FormHelper()
        self.helper.add_input(Submit("report", _("Report it lost"), css_class="btn-danger btn-lg w-100"))

    def clean_account(self) -> User:
        chosen = self.cleaned_data["account"]
        if isinstance(chosen, User):
            return chosen
        user = self.accounts.filter(username=chosen.strip().lower()).first()
        if user is None:
            raise forms.ValidationError(_("There is no user %(name)s."), params={"name": chosen})
        return user

    @property
    def user(self) -> User:
        """Return whose phone it is."""
        chosen: User = self.cleaned_data.get("account", self.by)
        return chosen
