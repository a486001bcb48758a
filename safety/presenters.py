"""Cases in the reader's words, with their clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import ngettext

from safety.models import AdverseEvent, SafetyAction, SafetyCase
from safety.queries import CaseCounts
from safety.rules import rule_of

HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it. `clock` is the time left in words, "" once it was answered."""

    case: SafetyCase
    label: str | Promise
    clock: str
    kind: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One step of a case with its note, "" when nothing was written or it may not be read."""

    action: SafetyAction
    note: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An adverse event of a case with its note; only one that stands is judged again or withdrawn."""

    event: AdverseEvent
    note: str

    @property
    def stands(self) -> bool:
        return self.event.withdrawn_at is None and not hasattr(self.event, "replaced_by")


def event_rows(events: Iterable[AdverseEvent], notes: Mapping[str, str]) -> list[EventRow]:
    """Return the adverse events of a case for showing."""
    return [EventRow(event, notes.get(f"event {event.pk}", "")) for event in events]


def judged(event: AdverseEvent) -> dict[str, object]:
    """Return what was judged of an event, as its form takes it; the note is written anew."""
    return {name: getattr(event, name) for name in ("kind", "occurred_on", "relatedness", "is_serious", "is_expected")}


@dataclass(frozen=True, slots=True)
class CountRow:
    """The cases of one severity, with the age of the oldest open one in words."""

    counts: CaseCounts
    label: str | Promise
    oldest: str


def count_rows(counts: Iterable[CaseCounts], now: datetime) -> list[CountRow]:
    """Return the counts of cases for showing."""
    return [
        CountRow(row, SafetyCase.Severity(row.severity).label, age_text(now - row.oldest) if row.oldest else "")
        for row in counts
    ]


def age_text(age: timedelta) -> str:
    """Return an age in whole hours under two days, then in days."""
    if age < TWO_DAYS:
        return ngettext("%(number)d hour", "%(number)d hours", age // HOUR) % {"number": age // HOUR}
    return ngettext("%(number)d day", "%(number)d days", age.days) % {"number": age.days}


def shown_new(events: Iterable[AdverseEvent]) -> tuple[int, int] | None:
    """Return the ids between which a page shows events that its reader has not read of, None if there are none."""
    new = [event.pk for event in events if getattr(event, "is_new", False)]
    return (min(new), max(new)) if new else None


def case_rows(cases: Iterable[SafetyCase], now: datetime) -> list[CaseRow]:
    """Return cases for showing, with the time left until each must be answered."""
    return [
        CaseRow(
            case=case,
            label=rule_of(case.rule).label,
            clock=clock_text(case.first_response_due_at - now) if case.is_waiting else "",
            kind=_kind(case, now),
            is_overdue=case.is_waiting and case.first_response_due_at <= now,
        )
        for case in cases
    ]


def action_rows(actions: Iterable[SafetyAction], notes: Mapping[str, str]) -> list[ActionRow]:
    """Return the steps of a case for showing."""
    return [ActionRow(action, notes.get(str(action.pk), "")) for action in actions]


def clock_text(left: timedelta) -> str:
    """Return the time left, or gone over, in whole minutes under an hour, hours under two days, then days."""
    size = abs(left)
    if size < HOUR:
        number, overdue = int(size.total_seconds() // 60), left <= timedelta(0)
        text = (
            ngettext("overdue by %(number)d minute", "overdue by %(number)d minutes", number)
            if overdue
            else ngettext("%(number)d minute left", "%(number)d minutes left", number)
        )
    elif size < TWO_DAYS:
        number, overdue = size // HOUR, left < timedelta(0)
        text = (
            ngettext("overdue by %(number)d hour", "overdue by %(number)d hours", number)
            if overdue
            else ngettext("%(number)d hour left", "%(number)d hours left", number)
        )
    else:
        number, overdue = size.days, left < timedelta(0)
        text = (
            ngettext("overdue by %(number)d day", "overdue by %(number)d days", number)
            if overdue
            else ngettext("%(number)d day left", "%(number)d days left", number)
        )
    return text % {"number": number}


def _kind(case: SafetyCase, now: datetime) -> str:
    if case.is_waiting:
        return "bad" if case.first_response_due_at <= now else "warn"
    return "info" if case.state == SafetyCase.State.IN_PROGRESS else "good"
