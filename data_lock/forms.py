"""What is to be locked and why, what a signature means, and why a lock is lifted or something left out."""

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from data_lock.models import LateArrival, LockSignature
from data_lock.states import LockKind

Meaning = LockSignature.Meaning
_REASON = {"rows": 3, "autocomplete": "off"}


def _helper(name: str, label: str | Promise, css_class: str = "btn-primary", *, is_whole: bool = True) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": "", "autocomplete": "off"}
    helper.form_tag = is_whole
    helper.add_input(Submit(name, label, css_class=css_class))
    return helper


class CutForm(forms.Form):
    """What is to be looked at, and perhaps locked."""

    kind = forms.TypedChoiceField(
        label=_("What is to be locked"), choices=LockKind.choices, coerce=LockKind, widget=forms.RadioSelect
    )
    wave = forms.ChoiceField(label=_("Wave"), required=False, help_text=_("For surveys of a wave."))
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For all the others: a day that is over."),
    )

    def __init__(self, *args: Any, waves: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wave"].choices = [("", "—"), *waves]  # type: ignore[attr-defined]
        self.fields["until"].initial = timezone.localdate() - timedelta(days=1)
        self.helper = _helper("look", _("See what is open there"))
        self.helper.form_method = "get"
        self.helper.disable_csrf = True


class ProposeForm(forms.Form):
    """The proposal itself, of a cut that was looked at."""

    reason = forms.CharField(
        label=_("Why these data are locked now"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=_REASON),
        help_text=_(
            "It stays on record. If something is open, say why it is not waited for. Write no name, and nothing by "
            "which one group is told from another."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("propose", _("Propose the lock: hold these data still"), "btn-danger", is_whole=False)


class _Signing(forms.Form):
    password = forms.CharField(
        label=_("Your password, again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("It shows that it is you who signs."),
    )


class SignForm(_Signing):
    """What a person means by her signature, and her password."""

    meaning = forms.TypedChoiceField(
        label=_("What your signature means"),
        choices=[(one.value, one.label) for one in (Meaning.REVIEWED, Meaning.APPROVED, Meaning.RESPONSIBLE)],
        coerce=Meaning,
        widget=forms.RadioSelect,
    )
    field_order = ("meaning", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("sign", _("Sign"), "btn-danger", is_whole=False)


class LiftAskForm(_Signing):
    """Why a lock is to be lifted, and the password of whoever asks."""

    reason = forms.CharField(
        label=_("Why the lock is to be lifted"),
        max_length=1000,
        widget=forms.Textarea(attrs=_REASON),
        help_text=_(
            "It stays on record, and people who do not know the groups read it: write no name, and nothing by which "
            "one group is told from another."
        ),
    )
    field_order = ("reason", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("lift", _("Sign and ask"), "btn-danger")


class LiftSignForm(_Signing):
    """The second person's password, and which request her page showed."""

    lifting = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("lift", _("Sign: lift the lock"), "btn-danger")


class LeaveOutForm(forms.Form):
    """Why something that came late is left out."""

    reason = forms.TypedChoiceField(
        label=_("Why it is left out"),
        choices=LateArrival.Reason.choices,
        coerce=LateArrival.Reason,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("leave_out", _("Leave it out"))
