"""How the pages of training say things: sessions and rosters as rows, modules in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from protocol.queries import current_protocol
from stations.models import Officer
from training.attendance import Entry
from training.knowledge_test import KnowledgeTest
from training.models import Attendance, Session
from training.queries.coverage import ScoreChange, StationCoverage
from training.queries.sessions import EntryKey

STATUS_KINDS = {Session.Status.PLANNED: "info", Session.Status.HELD: "good", Session.Status.WITHDRAWN: "neutral"}
# What of the sessions to list, as the address says it.
FILTERS: dict[str, str | Promise] = {
    "": _("All"),
    Session.Status.PLANNED: _("Planned"),
    Session.Status.HELD: _("Held"),
    Session.Status.WITHDRAWN: _("Withdrawn"),
    "deviation": _("Deviations"),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as it is listed."""

    session: Session
    station_code: str
    modules: str
    status_kind: str


@dataclass(frozen=True, slots=True)
class RosterLine:
    """An officer on the roster of a session: her code and, by module, what is written down in words."""

    officer: Officer
    cells: list["RosterCell"]


@dataclass(frozen=True, slots=True)
class RosterCell:
    """What is written down of an officer and a module."""

    kind: str
    words: str
    scores: str


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question of a knowledge test in the reader's language, with the letters of its options."""

    text: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """How many of a station's officers attended, in numbers and as a share of 100."""

    attended: int
    officers: int

    @property
    def percent(self) -> int:
        return round(100 * self.attended / self.officers) if self.officers else 0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A station's coverage: a cell for each module, then one for all of them."""

    line: StationCoverage
    cells: list[CoverageCell]


def module_labels() -> dict[int, str]:
    """Return module number → its title in the reader's language."""
    language = get_language() or "es"
    return {module.number: module.label.in_language(language) for module in current_protocol().training.modules}


def module_numbers(modules: Iterable[int]) -> str:
    """Write the numbers of modules as a list: 1, 2."""
    return ", ".join(map(str, modules))


def session_rows(listed: Iterable[Session], codes: Mapping[int, str]) -> list[SessionRow]:
    """Return sessions as rows; `codes` maps a station's id to its study code."""
    return [
        SessionRow(
            session,
            codes.get(session.station_id, ""),
            module_numbers(session.modules),
            STATUS_KINDS[Session.Status(session.status)],
        )
        for session in listed
    ]


def roster_lines(session: Session, officers: Iterable[Officer], entries: Mapping[EntryKey, Entry]) -> list[RosterLine]:
    """Return the roster of a session in words, a cell for each of its modules."""
    return [
        RosterLine(officer, [_cell(entries.get((officer.pk, module))) for module in session.modules])
        for officer in officers
    ]


def _cell(entry: Entry | None) -> RosterCell:
    if entry is None:
        return RosterCell("neutral", str(_("Not written down")), "")
    if not entry.came:
        words = f"{_('Absent')}: {Attendance.Absence(entry.absence).label}" if entry.absence else str(_("Absent"))
        return RosterCell("warn", words, "")
    scores = f"{_score(entry.score_before)} → {_score(entry.score_after)}" if _is_tested(entry) else ""
    if not entry.minutes_late:
        return RosterCell("good", str(_("Came")), scores)
    words = str(_("%(minutes)s min late")) % {"minutes": entry.minutes_late}
    if entry.counts(late_minutes_allowed=current_protocol().training.late_minutes_allowed):
        return RosterCell("good", words, scores)
    return RosterCell("warn", f"{words}: {_('does not count')}", scores)


def _is_tested(entry: Entry) -> bool:
    return entry.score_before is not None or entry.score_after is not None


def _score(score: int | None) -> str:
    return "–" if score is None else str(score)


def printed_questions(test: KnowledgeTest) -> list[PrintedQuestion]:
    """Return the questions of a test in the reader's language."""
    language = get_language() or "es"
    return [
        PrintedQuestion(
            question.text.in_language(language),
            [(letter, option.in_language(language)) for letter, option in question.lettered],
        )
        for question in test.questions
    ]


def coverage_rows(lines: Iterable[StationCoverage]) -> list[CoverageRow]:
    """Return the coverage of stations as rows of cells."""
    return [
        CoverageRow(
            line, [CoverageCell(attended, line.officers) for attended in (*line.attended.values(), line.complete)]
        )
        for line in lines
    ]


def score_rows(
    changes: Iterable[ScoreChange], *, codes: Mapping[int, str], modules: Iterable[int]
) -> list[tuple[str, list[ScoreChange | None]]]:
    """Return (study code, the change of each of these modules or None) for each station with tests, by code."""
    by_station: dict[str, dict[int, ScoreChange]] = {}
    for change in changes:
        if change.station_id in codes:
            by_station.setdefault(codes[change.station_id], {})[change.module] = change
    return [(code, [found.get(number) for number in modules]) for code, found in sorted(by_station.items())]
