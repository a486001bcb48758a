"""What an administrator types about officers, their postings and their accounts."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from stations.models import OFFICER_CODE_LENGTH, Station
from stations.queries import free_accounts


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StationField(forms.ModelChoiceField):
    """A station of the frame, by code, name and district."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Station.objects.select_related("district").order_by("code"), **kwargs)

    def label_from_instance(self, obj: Station) -> str:
        return f"{obj.code} · {obj.name}, {obj.district.name}"


class OfficerSearchForm(forms.Form):
    """Which officers to list; what is neither lists everybody."""

    buscar = forms.CharField(label=_("Find an officer by code"), required=False, max_length=OFFICER_CODE_LENGTH)
    estacion = StationField(label=_("Station"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.code: str = self.cleaned_data.get("buscar", "")
        self.station: Station | None = self.cleaned_data.get("estacion")


class OfficerForm(forms.Form):
    """An officer and her first posting."""

    code = forms.CharField(
        label=_("Code"), max_length=OFFICER_CODE_LENGTH, help_text=_("As in the staff list; no name.")
    )
    is_woman = forms.TypedChoiceField(
        label=_("Woman"), choices=((True, _("Yes")), (False, _("No"))), coerce=lambda value: value == "True"
    )
    station = StationField(label=_("Station"))
    starts_on = forms.DateField(label=_("Serves there from"), widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("register", _("Register"))


class TransferForm(forms.Form):
    """The next station and the first day there; what would happen is shown before it is confirmed."""

    station = StationField(label=_("To station"))
    starts_on = forms.DateField(label=_("First day there"), widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("check", _("Show what happens"))


class EndForm(forms.Form):
    """The last day of a service."""

    ends_on = forms.DateField(label=_("Last day"), widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("end", _("End the service"), "btn-danger")


class WithdrawForm(forms.Form):
    """Why a posting is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("withdraw", _("Withdraw the posting"), "btn-danger")


class LinkForm(forms.Form):
    """An account that is no officer's yet."""

    user = forms.ModelChoiceField(label=_("Account"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = free_accounts()  # type: ignore[attr-defined]
        self.helper = _helper("link", _("Link it"), "btn-outline-primary")
        self.helper.form_tag = False


class NewAccountForm(forms.Form):
    """A new account for an officer; its first password is shown once."""

    username = forms.SlugField(label=_("User name"), max_length=64)
    display_name = forms.CharField(label=_("Name shown to herself"), max_length=120)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in Role if role in POLICE_ROLES]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("create", _("Make the account"), "btn-outline-primary")
        self.helper.form_tag = False


def _helper(name: str, label: str | Promise, css_class: str = "btn-primary") -> FormHelper:
    helper = FormHelper()
    helper.add_input(Submit(name, label, css_class=css_class))
    return helper
