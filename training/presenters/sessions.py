"""How the pages of training say things: sessions and rosters as rows, modules in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from protocol.queries import current_protocol
from stations.models import Officer
from training.knowledge import KnowledgeTest
from training.models import Attendance, Session
from training.queries.sessions import EntryKey

STATUS_KINDS = {Session.Status.PLANNED: "info", Session.Status.HELD: "good", Session.Status.WITHDRAWN: "neutral"}
# What of the sessions to list, as the address says it.
FILTERS: dict[str, str | Promise] = {
    "": _("All"),
    Session.Status.PLANNED: _("Planned sessions"),
    Session.Status.HELD: _("Held sessions"),
    Session.Status.WITHDRAWN: _("Withdrawn sessions"),
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
    attended: bool


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


def roster_lines(
    session: Session, officers: Iterable[Officer], recorded: Mapping[EntryKey, Attendance]
) -> list[RosterLine]:
    """Return the roster of a session in words, a cell for each of its modules."""
    return [_line(officer, [recorded.get((officer.pk, module)) for module in session.modules]) for officer in officers]


def _line(officer: Officer, rows: list[Attendance | None]) -> RosterLine:
    return RosterLine(officer, [_cell(row) for row in rows], any(row is not None and row.counts for row in rows))


def _cell(row: Attendance | None) -> RosterCell:
    if row is None:
        return RosterCell("neutral", str(_("Not written down")), "")
    if not row.came:
        words = f"{_('Absent')}: {row.get_absence_display()}" if row.absence else str(_("Absent"))
        return RosterCell("warn", words, "")
    is_tested = row.score_before is not None or row.score_after is not None
    scores = f"{_score(row.score_before)} → {_score(row.score_after)}" if is_tested else ""
    words = str(_("%(minutes)s min late")) % {"minutes": row.minutes_late} if row.minutes_late else str(_("Came"))
    return (
        RosterCell("good", words, scores)
        if row.counts
        else RosterCell("warn", f"{words}: {_('does not count')}", scores)
    )


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
