"""What a safety officer did, how a case ended, and what somebody puts before her by hand."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from safety.models import AdverseEvent, SafetyAction, SafetyCase
from safety.rules import BY_HAND
from safety.services import Judgement

Kind = SafetyAction.Kind
# What a person may choose; the others are written by the system as it goes.
BY_SYSTEM = {
    Kind.HAPPENED_AGAIN,
    Kind.EVENT,
    Kind.JUDGED_AGAIN,
    Kind.EVENT_WITHDRAWN,
    Kind.HANDED_OVER,
    Kind.CLOSED,
}
DONE = [(kind.value, kind.label) for kind in Kind if kind not in BY_SYSTEM]


class NoteForm(forms.Form):
    """A choice above, a sealed note below; `seen` is how many steps the page showed."""

    button: Any = _("Save")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"] = forms.CharField(
            label=_("Note (kept sealed)"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        )
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", self.button))


class ActionForm(NoteForm):
    """What was done about a case."""

    button = _("Save what was done")
    kind = forms.TypedChoiceField(label=_("What was done"), choices=DONE, coerce=Kind, widget=forms.RadioSelect)


class CloseForm(NoteForm):
    """How a case ended."""

    button = _("Close the notice")
    outcome = forms.TypedChoiceField(
        label=_("How it ended"),
        choices=SafetyCase.Outcome.choices,
        coerce=SafetyCase.Outcome,
        widget=forms.RadioSelect,
    )


class OfficerField(forms.ModelChoiceField):
    """A safety officer, by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.display_name


class HandOverForm(NoteForm):
    """To whom a case goes."""

    button = _("Hand it over")
    to = OfficerField(label=_("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, officers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = officers  # type: ignore[attr-defined]


class WithdrawEventForm(forms.Form):
    """Why an event should not have been written."""

    reason = forms.TypedChoiceField(
        label=_("Why?"),
        choices=AdverseEvent.Withdrawal.choices,
        coerce=AdverseEvent.Withdrawal,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("withdraw", _("Withdraw the event"), css_class="btn-danger"))


class EventForm(forms.Form):
    """An adverse event as the safety officer judges it."""

    kind = forms.TypedChoiceField(
        label=_("What happened"),
        choices=AdverseEvent.Kind.choices,
        coerce=AdverseEvent.Kind,
        widget=forms.RadioSelect,
    )
    occurred_on = forms.DateField(
        label=_("Which day was it?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    relatedness = forms.TypedChoiceField(
        label=_("Has it to do with taking part?"),
        choices=AdverseEvent.Relatedness.choices,
        coerce=AdverseEvent.Relatedness,
        widget=forms.RadioSelect,
    )
    is_serious = forms.BooleanField(
        label=_("Serious"),
        help_text=_("Death, a stay in hospital and danger to her own life always are. The board hears of it."),
        required=False,
    )
    is_expected = forms.BooleanField(label=_("Foreseen in the study's plan"), required=False)
    note = forms.CharField(
        label=_("Note (kept sealed)"),
        help_text=_("The board does not read it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Write it down")))

    def judgement(self) -> Judgement:
        """Return what was judged, as `services.record_event` takes it."""
        filled = {name: value for name, value in self.cleaned_data.items() if name != "note"}
        return Judgement(**filled)


class ReadForm(forms.Form):
    """Between which events the board's page was read."""

    oldest = forms.IntegerField(min_value=1)
    newest = forms.IntegerField(min_value=1)


class RaiseForm(forms.Form):
    """What happened, chosen and told in a few words."""

    rule = forms.ChoiceField(
        label=_("What happened"), choices=[(rule.code, rule.label) for rule in BY_HAND], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note (kept sealed)"),
        help_text=_("Only the safety officer reads it. No more than she needs to act."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Send to the safety officer"), css_class="btn-primary btn-lg w-100"))


class RaiseByCodeForm(RaiseForm):
    """The same, about the woman of a code: for those who have no list of women."""

    study_code = forms.CharField(label=_("Code"), max_length=16)
    field_order = ("study_code", "rule", "note")


class DutyForm(forms.Form):
    """Who is on duty, from which day to which."""

    officer = OfficerField(label=_("Safety officer"), queryset=User.objects.none())
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, officers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer = self.fields["officer"]
        officer.queryset = officers  # type: ignore[attr-defined]
        officer.label_from_instance = _display_name  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Put on duty")))


def _display_name(user: User) -> str:
    return user.display_name


class CaseFilterForm(forms.Form):
    """Which cases the list shows; whatever is not understood shows them all."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), ("overdue", _("Overdue")), *SafetyCase.State.choices],
        required=False,
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("All")), *SafetyCase.Severity.choices], required=False
    )
    mine = forms.BooleanField(label=_("In my charge"), required=False)
