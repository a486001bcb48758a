"""What pages show of visits: rows in the reader's words, without a name and without an arm."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.consent_scopes import Scope
from protocol.planning import Assignment
from risk.models import Scale
from risk.presenters import NO_LEVEL, ScaleWords
from stations.models import Officer
from visits.choosing import Candidate
from visits.log_content import moment_of
from visits.log_fields import LOG_FIELDS, Answer, Kind, LogField
from visits.log_judgement import Breach
from visits.models import Absence, LogConflict, Visit, VisitLog, WeekPlan
from visits.moving import DayChoice
from visits.queries.board import OfficerWeek
from visits.services import AssignmentCounts
from visits.services.choosing import WHY_NOT_SHE
from visits.services.moving import WHY_NOT
from visits.states import LOGGABLE
from visits.weeks import WEEK

KINDS = {
    Visit.Status.PLANNED: "info",
    Visit.Status.DONE: "good",
    Visit.Status.ATTEMPTED: "warn",
    Visit.Status.MISSED: "bad",
    Visit.Status.SUPERSEDED: "neutral",
}


@dataclass(frozen=True)
class State:
    """How a visit stands on a day, for showing; a planned one whose day is over is late until its grace ends."""

    kind: str
    label: str


def state_on(visit: Visit, today: date) -> State:
    """Return how a visit stands: due is planned, then late, then missed; each with its word."""
    if visit.status == Visit.Status.PLANNED and visit.planned_on < today:
        return State("warn", _("Late"))
    return State(KINDS[Visit.Status(visit.status)], visit.get_status_display())


@dataclass(frozen=True)
class VisitRow:
    """One visit as a list shows it."""

    visit: Visit
    kind: str
    state: str
    level: str
    level_label: str
    level_rank: int
    masked_name: str = ""
    officers: str = ""
    is_mine: bool = False
    # Blanks of her last sheet: with any, the level shown is not that sheet's word.
    missing: int = 0

    @property
    def is_open(self) -> bool:
        """Say whether a log is still awaited."""
        return self.visit.status in LOGGABLE

    @property
    def asks_contact(self) -> bool:
        """Say whether she was met, and nobody has asked since whether her safe-contact plan is still right."""
        plan = getattr(self.visit.participant, "safe_contact", None)
        is_done = self.visit.status == Visit.Status.DONE and self.visit.participant.status == "enrolled"
        return is_done and plan is not None and plan.reviewed_at < self.visit.log.occurred_at


@dataclass(frozen=True)
class BoardCell:
    """A woman's day on the week's board; `visit` is None on a day without one."""

    visit: Visit | None
    kind: str
    label: str = ""
    officers: str = ""
    may_change: bool = False


@dataclass(frozen=True)
class BoardRow:
    """A woman's week on the board: Monday to Sunday."""

    plan: WeekPlan
    cells: tuple[BoardCell, ...]


@dataclass(frozen=True)
class ComparedRow:
    """One answer in two logs of a visit."""

    label: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True)
class BreachRow:
    """A log that breaks soft rules, in words."""

    log: VisitLog
    breaches: tuple[str, ...]


def visit_rows(
    visits: Collection[Visit], scale: Scale | None, names: Mapping[int, str] | None = None
) -> list[VisitRow]:
    """Return visits for showing, in the order given, each level in the words of the scale in force.

    `names` gives initials by participant id; without it the rows carry study codes alone.
    """
    words = ScaleWords()
    return [_row(visit, scale, words, (names or {}).get(visit.participant_id, "")) for visit in visits]


def board_rows(plans: Iterable[WeekPlan], visits: Iterable[Visit], monday: date, today: date) -> list[BoardRow]:
    """Return one row for each plan, with the visits of its woman by day."""
    found: dict[int, dict[date, Visit]] = defaultdict(dict)
    for visit in visits:
        found[visit.participant_id][visit.planned_on] = visit
    days = [monday + timedelta(days=n) for n in range(WEEK.days)]
    return [BoardRow(plan, tuple(_cell(found[plan.participant_id].get(day), today) for day in days)) for plan in plans]


def compared(conflict: LogConflict, notes: tuple[str, str]) -> list[ComparedRow]:
    """Return what two logs say, field by field in the order asked, without what both leave open."""
    contents = ({**conflict.first, "note": notes[0]}, {**conflict.second, "note": notes[1]})
    rows = []
    for declared in LOG_FIELDS:
        first, second = (content.get(declared.name, "") for content in contents)
        if first or second:
            rows.append(
                ComparedRow(str(declared.label), _words(declared, first), _words(declared, second), first != second)
            )
    return rows


def breach_rows(logs: Iterable[VisitLog]) -> list[BreachRow]:
    """Return logs for showing, each with the rules that it breaks in words."""
    return [BreachRow(log, tuple(str(Breach(code).label) for code in log.breaches)) for log in logs]


def _words(declared: LogField, value: Any) -> str:
    """Return an answer as people read it; "" for blank."""
    labels = {choice.value: str(choice.label) for choice in declared.choices}
    match declared.kind:
        case _ if not value:
            return ""
        case Kind.FLAG:
            return str(Answer.YES.label)
        case Kind.CHOICES:
            return ", ".join(labels.get(code, code) for code in value)
        case Kind.MOMENT:
            return date_format(timezone.localtime(moment_of({"occurred_at": value})), "SHORT_DATETIME_FORMAT")
        case Kind.DAY:
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return labels.get(value, value)


def _row(visit: Visit, scale: Scale | None, words: ScaleWords, masked_name: str) -> VisitRow:
    held = getattr(visit.participant, "current_risk", None)
    state = state_on(visit, timezone.localdate())
    return VisitRow(
        visit=visit,
        kind=state.kind,
        state=state.label,
        level=held.level if held else "",
        level_label=words.level(scale, held.level) if held and scale else str(NO_LEVEL),
        level_rank=held.level_rank if held else 0,
        masked_name=masked_name,
        officers=officer_codes(visit),
        is_mine=getattr(visit, "is_mine", False),
        missing=getattr(visit, "latest_missing", None) or 0,
    )


def officer_codes(visit: Visit) -> str:
    """Return the codes of those who go, "" while nobody does."""
    return ", ".join(officer.code for officer in (visit.first_officer, visit.second_officer) if officer is not None)


def _cell(visit: Visit | None, today: date) -> BoardCell:
    if visit is None:
        return BoardCell(None, "")
    state = state_on(visit, today)
    may_change = visit.status == Visit.Status.PLANNED and visit.planned_on >= today
    return BoardCell(visit, state.kind, state.label, officer_codes(visit), may_change)


@dataclass(frozen=True)
class OfficerRow:
    """An officer on the list of shifts: when she goes on visits, and whether she is away now or soon."""

    officer: Officer
    weekdays: str
    hours: str
    visits_a_day: int
    absences: tuple[Absence, ...]
    is_away: bool


def officer_rows(
    officers: Iterable[Officer], absences: Mapping[int, list[Absence]], rules: Assignment, today: date
) -> list[OfficerRow]:
    """Return one row for each officer, in the order given; without a shift of her own, what the protocol says."""
    return [_officer_row(officer, absences.get(officer.pk, []), rules, today) for officer in officers]


def shared_out(counts: AssignmentCounts) -> str:
    """Say what came of sharing visits out anew."""
    changed = ngettext("%(count)d visit changed hands.", "%(count)d visits changed hands.", counts.changed)
    said = changed % {"count": counts.changed}
    if counts.unmet:
        unmet = ngettext("%(count)d visit has nobody to go.", "%(count)d visits have nobody to go.", counts.unmet)
        said = f"{said} {unmet % {'count': counts.unmet}}"
    return said


@dataclass(frozen=True)
class Change:
    """A visit that would change hands, and who would go: codes, none when nobody can."""

    visit: Visit
    officers: str


def changes(found: Iterable[tuple[Visit, tuple[int, ...]]]) -> list[Change]:
    """Return for showing which visits would change hands."""
    rows = list(found)
    codes = dict(Officer.objects.filter(pk__in={pk for _visit, team in rows for pk in team}).values_list("pk", "code"))
    return [Change(visit, ", ".join(codes[pk] for pk in team)) for visit, team in rows]


def _officer_row(officer: Officer, absences: list[Absence], rules: Assignment, today: date) -> OfficerRow:
    shift = getattr(officer, "shift", None)
    is_away = any(absence.starts_on <= today for absence in absences)
    if shift is None:
        return OfficerRow(officer, _("Every day"), "", rules.visits_a_day, tuple(absences), is_away)
    days = " ".join(str(WEEKDAYS_ABBR[day - 1]) for day in shift.weekdays)
    hours = f"{shift.starts_at:%H:%M}–{shift.ends_at:%H:%M}"
    return OfficerRow(officer, days, hours, shift.visits_a_day, tuple(absences), is_away)


@dataclass(frozen=True)
class OfficerDay:
    """An officer's day on the board: the visits she goes to, and how many she can make."""

    day: date
    visits: tuple[BoardCell, ...]
    room: int
    is_full: bool


@dataclass(frozen=True)
class OfficerWeekRow:
    """An officer's week on the board, Monday to Sunday; without a code, the visits that nobody goes to."""

    officer: int | None
    code: str
    name: str
    days: tuple[OfficerDay, ...]
    total: int


def officer_weeks(
    officers: Iterable[OfficerWeek], visits: Mapping[tuple[int | None, date], list[Visit]], monday: date, today: date
) -> list[OfficerWeekRow]:
    """Return the visits that nobody goes to, if there are any, then a row for each officer."""
    days = [monday + timedelta(days=number) for number in range(WEEK.days)]
    rows = [_officer_week(None, "", "", [(day, visits.get((None, day), []), 0) for day in days], today)]
    for week in officers:
        name = week.officer.user.display_name if week.officer.user else ""
        found = [(day, visits.get((week.officer.pk, day), []), week.room[day]) for day in days]
        rows.append(_officer_week(week.officer.pk, week.officer.code, name, found, today))
    return [row for row in rows if row.code or row.total]


def _officer_week(
    officer: int | None, code: str, name: str, found: list[tuple[date, list[Visit], int]], today: date
) -> OfficerWeekRow:
    days = tuple(
        OfficerDay(day, tuple(_cell(visit, today) for visit in visits), room, bool(room) and len(visits) >= room)
        for day, visits, room in found
    )
    return OfficerWeekRow(officer, code, name, days, sum(len(day.visits) for day in days))


@dataclass(frozen=True)
class ChoiceRow:
    """A day that a visit can be moved to, or why not."""

    choice: DayChoice
    is_now: bool
    why_not: str


def choice_rows(choices: Iterable[DayChoice], visit: Visit) -> list[ChoiceRow]:
    """Return the days of a visit's week for showing, each with what stands against it."""
    return [
        ChoiceRow(choice, choice.day == visit.planned_on, str(WHY_NOT[choice.obstacle]) if choice.obstacle else "")
        for choice in choices
    ]


@dataclass(frozen=True)
class CandidateRow:
    """An officer for a visit: her words on the form, or why she cannot go."""

    officer: Officer
    label: str
    why_not: str


def candidate_rows(found: Iterable[tuple[Officer, Candidate, int]]) -> list[CandidateRow]:
    """Return the officers of a station for choosing who goes to a visit, in the order given."""
    rows = []
    for officer, candidate, made in found:
        words = [officer.code, officer.user.display_name if officer.user else ""]
        words.append(_("%(visits)d of %(room)d that day") % {"visits": candidate.visits, "room": candidate.room})
        if made:
            words.append(
                ngettext("went to her %(number)d time", "went to her %(number)d times", made) % {"number": made}
            )
        why_not = "" if candidate.bar is None else str(WHY_NOT_SHE[candidate.bar])
        rows.append(CandidateRow(officer, " · ".join(word for word in words if word), why_not))
    return rows


def agreement_rows(agreed: Mapping[str, date | None]) -> list[tuple[str, bool, date | None]]:
    """Return each thing that a woman can agree to: its label, whether it counts today, and the day it lapses."""
    return [(str(scope.label), scope in agreed, agreed.get(scope)) for scope in Scope]
