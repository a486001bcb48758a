"""Bringing a plan, locking it, and the two steps of unblinding."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from panel.models.plans import HASH_TYPED
from panel.services import MOST_PLAN_BYTES

_READ_BY_ALL = _(
    "It stays on record, and people who do not know the groups read it: write no name, and nothing by which one group "
    "is told from another."
)


def _helper(name: str, label: str | Promise, css_class: str = "btn-primary") -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": ""}
    helper.add_input(Submit(name, label, css_class=css_class))
    return helper


class PlanForm(forms.Form):
    """The plan's file, and why it is amended where another is locked."""

    file = forms.FileField(
        label=_("Plan (.toml)"),
        help_text=_("It is checked whole and stored as a draft. Nothing is locked yet."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml"}),
    )
    reason = forms.CharField(
        label=_("Why the plan is amended"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_READ_BY_ALL,
    )

    def __init__(self, *args: Any, is_amendment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_amendment:
            del self.fields["reason"]
        self.helper = _helper("store", _("Check and store"))
        self.helper.attrs["enctype"] = "multipart/form-data"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_PLAN_BYTES:
            raise forms.ValidationError(_("The file is too large: at most 256 kB."))
        return file


class LockForm(forms.Form):
    """A second person's word on a plan."""

    read = forms.BooleanField(label=_("I read the plan as it stands, and it is what the team agreed on."))
    understood = forms.BooleanField(label=_("I know that nobody can change it once it is locked."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("lock", _("Lock the plan"), "btn-danger")


class UnblindingAskForm(forms.Form):
    """Why the groups are to be named, and why now if surveys are still to come."""

    reason = forms.CharField(
        label=_("Why the groups are to be named"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_READ_BY_ALL,
    )
    early_reason = forms.CharField(
        label=_("Why it cannot wait"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, until: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if until is None:
            del self.fields["early_reason"]
        else:
            day = date_format(until, "SHORT_DATE_FORMAT")
            self.fields["early_reason"].help_text = _(
                "Surveys may still be made until %(day)s: whoever asks may know the groups by then."
            ) % {"day": day}
        self.helper = _helper("ask", _("Ask to name the groups"), "btn-danger")
        self.helper.form_tag = False


class RequestForm(forms.Form):
    """Which request the page showed: another may have taken its place since."""

    request = forms.IntegerField(required=False, widget=forms.HiddenInput)


class UnblindingApproveForm(RequestForm):
    """A second person's word, with the beginning of the plan's hash."""

    typed_hash = forms.CharField(
        label=_("How the hash of the locked plan begins"),
        max_length=HASH_TYPED,
        help_text=_("Its first eight characters, as they stand on the plan's page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    understood = forms.BooleanField(label=_("I know that this can never be undone."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("approve", _("Approve: name the groups"), "btn-danger")
        self.helper.form_tag = False
