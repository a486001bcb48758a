"""Writing down who came: a row for each officer on the roster of a session, one module at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from stations.models import Officer
from training.attendance import BEST_SCORE, LONGEST_DELAY_MINUTES, Entry
from training.knowledge import AnswersInvalid, KnowledgeTest
from training.models import Attendance, Session
from training.queries.knowledge import knowledge_test_of
from training.queries.sessions import EntryKey

CAME, ABSENT = "came", "absent"
LONGEST_SCORE = 3
# The address says how to begin: everybody came, or as in another module of the session.
EVERYBODY = "todas"


class ScoreField(forms.CharField):
    """A score from 0 to 100, or the answers to the module's test as letters, which are scored at once."""

    def __init__(self, *, test: KnowledgeTest | None, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"class": "form-control"}), **kwargs)
        self.test = test

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_SCORE and int(typed) <= BEST_SCORE:
            return int(typed)
        if self.test is None:
            raise forms.ValidationError(_("Expected a score from 0 to 100."))
        try:
            return self.test.score(typed)
        except AnswersInvalid:
            raise forms.ValidationError(
                _("Expected a score from 0 to 100, or %(count)s letters: an answer for each question, - for none.")
                % {"count": len(self.test.questions)}
            ) from None


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one officer."""

    officer: Officer
    presence: BoundField
    minutes: BoundField
    before: BoundField
    after: BoundField

    @property
    def fields(self) -> tuple[BoundField, ...]:
        return (self.presence, self.minutes, self.before, self.after)

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in self.fields for error in field.errors]


class AttendanceForm(forms.Form):
    """The roster of a session for one module. A row that is left empty writes nothing."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason for a correction"),
        max_length=500,
        required=False,
        help_text=_("Needed only if something that was already written down changes."),
    )

    def __init__(
        self,
        *args: Any,
        session: Session,
        module: int,
        officers: Sequence[Officer],
        entries: Mapping[EntryKey, Entry],
        begin: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.module, self.officers = module, officers
        self.test = knowledge_test_of(module)
        self.initial["seen"] = session.revision
        for officer in officers:
            self._add_row(officer)
            entry = entries.get((officer.pk, module)) or _beginning(officer, entries, begin)
            if entry is not None:
                self.initial.update(_as_typed(officer, entry))

    def _add_row(self, officer: Officer) -> None:
        named = {"officer": officer.code}
        self.fields[f"presence_{officer.pk}"] = forms.ChoiceField(
            label=_("%(officer)s: came or absent") % named,
            choices=_presence_choices(),
            required=False,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields[f"minutes_{officer.pk}"] = forms.IntegerField(
            label=_("%(officer)s: minutes late") % named,
            min_value=0,
            max_value=LONGEST_DELAY_MINUTES,
            required=False,
            widget=forms.NumberInput(attrs={"class": "form-control"}),
        )
        for name, label in (("before", _("%(officer)s: score before")), ("after", _("%(officer)s: score after"))):
            self.fields[f"{name}_{officer.pk}"] = ScoreField(label=label % named, test=self.test)

    @property
    def rows(self) -> Iterator[Row]:
        for officer in self.officers:
            names = (f"{name}_{officer.pk}" for name in ("presence", "minutes", "before", "after"))
            yield Row(officer, *(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for officer in self.officers:
            presence = cleaned.get(f"presence_{officer.pk}", "")
            more = [cleaned.get(f"{name}_{officer.pk}") for name in ("minutes", "before", "after")]
            if presence != CAME and any(value not in (None, 0) for value in more):
                self.add_error(
                    f"presence_{officer.pk}", _("There is a delay or a score: choose “Came”, or take them out.")
                )
        return cleaned

    def entries(self) -> dict[EntryKey, Entry]:
        """Return what was written down, by officer and module."""
        found = {}
        for officer in self.officers:
            presence = self.cleaned_data[f"presence_{officer.pk}"]
            if presence:
                found[officer.pk, self.module] = self._entry(officer, presence)
        return found

    def _entry(self, officer: Officer, presence: str) -> Entry:
        if presence != CAME:
            return Entry(came=False, absence=presence.partition(":")[2])
        minutes, before, after = (self.cleaned_data[f"{name}_{officer.pk}"] for name in ("minutes", "before", "after"))
        return Entry(came=True, minutes_late=minutes or 0, score_before=before, score_after=after)


def _presence_choices() -> list[tuple[str, str]]:
    absent = str(_("Absent"))
    reasons = [(f"{ABSENT}:{code}", f"{absent}: {label}") for code, label in Attendance.Absence.choices]
    return [("", "—"), (CAME, str(_("Came"))), (ABSENT, absent), *reasons]


def _beginning(officer: Officer, entries: Mapping[EntryKey, Entry], begin: str) -> Entry | None:
    """Return what a row that is not written down yet begins with, if she asked for a beginning."""
    if begin == EVERYBODY:
        return Entry(came=True)
    other = entries.get((officer.pk, int(begin))) if begin.isascii() and begin.isdigit() else None
    return other and Entry(other.came, other.minutes_late, other.absence)


def _as_typed(officer: Officer, entry: Entry) -> dict[str, Any]:
    presence = CAME if entry.came else f"{ABSENT}:{entry.absence}" if entry.absence else ABSENT
    return {
        f"presence_{officer.pk}": presence,
        f"minutes_{officer.pk}": entry.minutes_late or None,
        f"before_{officer.pk}": entry.score_before,
        f"after_{officer.pk}": entry.score_after,
    }
