"""The log of a visit, short enough for a doorstep, and the reason for a missed one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from visits.log_content import Content, VisitAnswers, content_of
from visits.log_fields import FIELDS, LOG_FIELDS, PROBLEMS, Choice, Conditions, Kind, LogField, problems
from visits.models import LogConflict, Visit, VisitLog
from visits.parcels import Parcel, ParcelUnreadable, read_parcel
from visits.services import LogBeforeEnrolment, LogFieldWrong, LogInFuture, RescueFileUnreadable

LONGEST_RESCUE_BYTES = 4_000_000
LONGEST_RESCUE = 2_000
LOCAL_MINUTE = "%Y-%m-%dT%H:%M"
# What stands above the first button: the common case ends there.
FIRST = ("outcome", "reason", "occurred_at", "safety_concern")
NOT_ASKED = ("", _("Not asked"))


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the page: a declared field, or those of its choices that go with the same answers."""

    name: str
    asked_if: Conditions
    choices: tuple[Choice, ...]


def parts_of(declared: LogField) -> Iterator[Part]:
    """Yield the page's fields for a declared one: one for each set of answers that its choices go with."""
    by_condition: dict[tuple[str, ...], list[Choice]] = {}
    for choice in declared.choices:
        by_condition.setdefault(tuple(value for values in choice.asked_if.values() for value in values), []).append(
            choice
        )
    if len(by_condition) < 2:  # noqa: PLR2004 (all choices at once)
        yield Part(declared.name, declared.asked_if, declared.choices)
        return
    for values, choices in by_condition.items():
        name = "_".join((declared.name, *values))
        yield Part(name, {**declared.asked_if, **choices[0].asked_if}, tuple(choices))


class VisitLogForm(forms.Form):
    """The outcome and the hour; what else was seen may stay open. The identifier is made with the form.

    Fields, choices and rules are those of `log_fields`.
    """

    save_text = _("Save the visit")
    log_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {declared.name: tuple(parts_of(declared)) for declared in LOG_FIELDS}
        for declared in LOG_FIELDS:
            for part in self.parts[declared.name]:
                self.fields[part.name] = _form_field(declared, part)
        self.initial.setdefault("log_id", uuid4())
        self.initial.setdefault("occurred_at", timezone.localtime())
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off", "data-relevance": "withhold"}
        self.helper.layout = Layout(
            "log_id",
            *self._rows(name for name in FIELDS if name in FIRST),
            Submit("save", self.save_text, css_class="btn-primary btn-lg w-100"),
            Fieldset(
                _("More about the visit"),
                *self._rows(name for name in FIELDS if name not in FIRST),
                Submit("save_all", self.save_text, css_class="btn-primary btn-lg w-100"),
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors.keys() & {"outcome", "occurred_at"}:
            return cleaned
        for problem in problems(self.content(), timezone.localdate(self.occurred_at()).isoformat()):
            name = self._shown_name(problem.field)
            if name not in self.errors:
                self.add_error(name, str(PROBLEMS[problem.code]))
        return cleaned

    def occurred_at(self) -> datetime:
        """Return the moment of the visit."""
        moment: datetime = self.cleaned_data["occurred_at"]
        return moment

    def content(self) -> Content:
        """Return the whole log as a phone writes it."""
        filled = self.cleaned_data
        return content_of(
            outcome=filled["outcome"],
            occurred_at=self.occurred_at(),
            answers=self.answers(),
            note=filled.get("note", ""),
        )

    def answers(self) -> VisitAnswers:
        """Return what was seen, as `services.log_visit` takes it."""
        filled = self.cleaned_data
        return VisitAnswers(
            **{
                name: next(filter(None, (filled.get(part.name) for part in parts)), _blank(FIELDS[name]))
                for name, parts in self.parts.items()
                if name in VisitAnswers.__dataclass_fields__
            }
        )

    def refuse(self, error: StudyError) -> None:
        """Show what the study found wrong, beside its field where there is one."""
        if isinstance(error, LogFieldWrong):
            self.add_error(self._shown_name(error.field), str(error))
        else:
            self.add_error("occurred_at" if isinstance(error, LogInFuture | LogBeforeEnrolment) else None, str(error))

    def _shown_name(self, name: str) -> str:
        """Return the page's field for a declared one: the filled one, or the one that the outcome calls for."""
        parts, outcome = self.parts[name], self.cleaned_data.get("outcome", "")
        filled = [part.name for part in parts if self.cleaned_data.get(part.name)]
        called_for = [part.name for part in parts if outcome in part.asked_if.get("outcome", ())]
        return next(iter([*filled, *called_for, parts[0].name]))

    def _rows(self, names: Iterator[str]) -> list[Div]:
        return [_row(FIELDS[name], part) for name in names for part in self.parts[name]]


class CorrectionForm(VisitLogForm):
    """What should have been logged, begun from what was, and why."""

    save_text = _("Send the correction")
    correction = forms.ChoiceField(
        label=_("Why is it corrected?"), choices=LogConflict.Correction.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, log: VisitLog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for declared in LOG_FIELDS:
            for part in self.parts[declared.name]:
                if declared.kind != Kind.TEXT:
                    self.initial[part.name] = _filled(declared, part, getattr(log, declared.name))
        if log.sealed_note is not None:
            self.fields["note"].help_text = _("Left blank, the note stays as it is.")
        self.helper.layout.insert(0, "correction")


def _filled(declared: LogField, part: Part, value: Any) -> Any:
    """Return what a field of the page shows of an answer that was given: only what it offers."""
    offered = {choice.value for choice in part.choices}
    match declared.kind:
        case Kind.CHOICE:
            return value if value in offered else ""
        case Kind.CHOICES:
            return [code for code in value if code in offered]
        case Kind.MOMENT:
            return timezone.localtime(value)
    return value


def _row(declared: LogField, part: Part) -> Div:
    rules = ";".join(",".join(f"{name}={value}" for value in values) for name, values in part.asked_if.items())
    is_short = declared.kind == Kind.CHOICE and declared.name not in FIRST
    shown = InlineRadios(part.name) if is_short else part.name
    return Div(shown, **({"data_asked_if": rules} if rules else {}))


def _form_field(declared: LogField, part: Part) -> forms.Field:
    choices = [(choice.value, choice.label) for choice in part.choices]
    said: dict[str, Any] = {"label": str(declared.label), "required": declared.required and not declared.asked_if}
    made: forms.Field
    match declared.kind:
        case Kind.CHOICE:
            offered = choices if declared.required else [*choices, NOT_ASKED]
            made = forms.ChoiceField(choices=offered, widget=forms.RadioSelect, initial="", **said)
        case Kind.CHOICES:
            made = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)
        case Kind.FLAG:
            made = forms.BooleanField(**said)
        case Kind.TEXT:
            area = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
            made = forms.CharField(max_length=declared.longest, widget=area, **said)
        case Kind.DAY:
            made = forms.DateField(widget=_input(forms.DateInput, "date", "%Y-%m-%d"), **said)
        case Kind.HOUR:
            made = forms.TimeField(widget=_input(forms.TimeInput, "time", "%H:%M"), **said)
        case Kind.MOMENT:
            widget = _input(forms.DateTimeInput, "datetime-local", LOCAL_MINUTE)
            made = forms.DateTimeField(input_formats=[LOCAL_MINUTE, f"{LOCAL_MINUTE}:%S"], widget=widget, **said)
    return made


def _input(
    widget: type[forms.DateTimeInput | forms.DateInput | forms.TimeInput], kind: str, shape: str
) -> forms.Widget:
    return widget(attrs={"type": kind}, format=shape)


def _blank(declared: LogField) -> Any:
    return VisitAnswers.__dataclass_fields__[declared.name].default


class MissedReasonForm(forms.Form):
    """Why a visit was missed, as a code."""

    reason = forms.ChoiceField(
        label=_("Why was it missed?"),
        choices=[choice for choice in Visit.MissedReason.choices if choice[0] != Visit.MissedReason.HANDED_OVER],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the reason"), css_class="btn-primary btn-lg w-100"))


class ConflictForm(forms.Form):
    """Which of two logs stands."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"), choices=LogConflict.Decision.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the decision"), css_class="btn-primary btn-lg w-100"))


class RescueForm(forms.Form):
    """The sealed file that a phone saved."""

    file = forms.FileField(label=_("File saved on the telephone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Bring in what it holds"), css_class="btn-primary btn-lg w-100"))

    def clean_file(self) -> list[Parcel]:
        content = self.cleaned_data["file"].read(LONGEST_RESCUE_BYTES + 1)
        try:
            found = json.loads(content)["parcels"] if len(content) <= LONGEST_RESCUE_BYTES else []
            parcels = [read_parcel(data) for data in found]
        except (ParcelUnreadable, ValueError, KeyError, TypeError, RecursionError) as error:
            raise forms.ValidationError(RescueFileUnreadable.message) from error
        if not 0 < len(parcels) <= LONGEST_RESCUE:
            raise forms.ValidationError(RescueFileUnreadable.message)
        return parcels
