"""What pages show of visits: rows in the reader's words, without a name and without an arm."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from risk.models import Scale
from risk.presenters import NO_LEVEL, ScaleWords
from visits.models import Visit, WeekPlan
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
class VisitRow:
    """One visit as a list shows it."""

    visit: Visit
    kind: str
    level: str
    level_label: str
    level_rank: int
    masked_name: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether a log is still awaited."""
        return self.visit.status in LOGGABLE


@dataclass(frozen=True)
class BoardCell:
    """A woman's day on the week's board; `visit` is None on a day without one."""

    visit: Visit | None
    kind: str


@dataclass(frozen=True)
class BoardRow:
    """A woman's week on the board: Monday to Sunday."""

    plan: WeekPlan
    cells: tuple[BoardCell, ...]


def visit_rows(
    visits: Collection[Visit], scale: Scale | None, names: Mapping[int, str] | None = None
) -> list[VisitRow]:
    """Return visits for showing, in the order given, each level in the words of the scale in force.

    `names` gives initials by participant id; without it the rows carry study codes alone.
    """
    words = ScaleWords()
    return [_row(visit, scale, words, (names or {}).get(visit.participant_id, "")) for visit in visits]


def board_rows(plans: Iterable[WeekPlan], visits: Iterable[Visit], monday: date) -> list[BoardRow]:
    """Return one row for each plan, with the visits of its woman by day."""
    found: dict[int, dict[date, Visit]] = defaultdict(dict)
    for visit in visits:
        found[visit.participant_id][visit.planned_on] = visit
    days = [monday + timedelta(days=n) for n in range(WEEK.days)]
    return [BoardRow(plan, tuple(_cell(found[plan.participant_id].get(day)) for day in days)) for plan in plans]


def _row(visit: Visit, scale: Scale | None, words: ScaleWords, masked_name: str) -> VisitRow:
    held = getattr(visit.participant, "current_risk", None)
    return VisitRow(
        visit=visit,
        kind=KINDS[Visit.Status(visit.status)],
        level=held.level if held else "",
        level_label=words.level(scale, held.level) if held and scale else str(NO_LEVEL),
        level_rank=held.level_rank if held else 0,
        masked_name=masked_name,
    )


def _cell(visit: Visit | None) -> BoardCell:
    return BoardCell(visit, KINDS[Visit.Status(visit.status)] if visit else "")
