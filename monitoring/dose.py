"""How many visits were planned and what came of them: the dose, described and never adjusted for."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from monitoring.shares import share, shown_share
from panel.small_cells import shown_table

STATES = ("done", "refused", "unsafe", "not_met", "missed", "to_come")
"""What came of a planned visit: exactly one of these."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Dose:
    """Visits in counts; several may be added up. `women` counts a woman once in each week and station."""

    done: int = 0
    refused: int = 0
    unsafe: int = 0
    not_met: int = 0
    missed: int = 0
    to_come: int = 0
    on_time: int = 0
    without_officers: int = 0
    beside_plan: int = 0
    women: int = 0
    women_above_usual: int = 0
    short: int = 0

    def __add__(self, other: "Dose") -> "Dose":
        return Dose(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(Dose)))

    @property
    def states(self) -> tuple[int, ...]:
        return tuple(getattr(self, state) for state in STATES)

    @property
    def planned(self) -> int:
        return sum(self.states)

    @property
    def attempted(self) -> int:
        return self.done + self.refused + self.unsafe + self.not_met

    @property
    def done_pct(self) -> int | None:
        """Return the share of the visits whose time has passed that were done, in per cent."""
        return share(self.done, self.planned - self.to_come)

    @property
    def on_time_pct(self) -> int | None:
        return share(self.on_time, self.attempted)

    @property
    def above_usual_pct(self) -> int | None:
        return share(self.women_above_usual, self.women)


@dataclass(frozen=True, slots=True)
class StationWeek:
    """The visits of one station in the week that begins on a Monday."""

    station_id: int
    monday: date
    dose: Dose


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A week of all stations together as the blinded read it: counts in the order of STATES, None is not shown."""

    monday: date | None
    states: tuple[int | None, ...]
    planned: int | None
    done_pct: int | None
    on_time_pct: int | None


def summed(weeks: Iterable[StationWeek], by: Callable[[StationWeek], Key]) -> dict[Key, Dose]:
    """Return the counts added up by a key of the station-weeks, in the order in which the keys are met."""
    found: dict[Key, Dose] = {}
    for week in weeks:
        key = by(week)
        found[key] = found.get(key, Dose()) + week.dose
    return found


def total(weeks: Iterable[StationWeek]) -> Dose:
    """Return all counts added up."""
    return sum((week.dose for week in weeks), Dose())


def shown_weeks(weeks: Sequence[StationWeek]) -> list[ShownWeek]:
    """Return the weeks of all stations together and a last line of totals (`monday` None), small cells hidden.

    What is said of single stations would tell their arm (ADR 9): no station is in it.
    """
    by_week = summed(weeks, lambda week: week.monday)
    if not by_week:
        return []
    table = shown_table([dose.states for dose in by_week.values()])
    lines: list[tuple[date | None, Dose]] = [*by_week.items(), (None, total(weeks))]
    return [
        ShownWeek(
            monday,
            tuple(row[:-1]),
            row[-1],
            shown_share(dose.done, dose.planned - dose.to_come),
            shown_share(dose.on_time, dose.attempted),
        )
        for (monday, dose), row in zip(lines, table, strict=True)
    ]
