"""Stations and women through the trial, as CONSORT 2025 and its extension to cluster trials ask: counts at each stage.

Each stage counts every woman once, in one of its lines; a woman belongs to the group of the station that enrolled her,
whatever became of her or of the station (intention to treat).
"""

import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

from panel.small_cells import SMALLEST_SHOWN, shown_table
from participants.recruitment import Flow, FlowCell

REPORTED = tuple(part.name for part in fields(Flow))
"""What came of the women who reported."""
FATES = ("done", "partial", "refused", "missed", "left", "waiting")
"""What became of a survey; `left`: she or her part ended before it; `waiting`: its time has not come or not passed."""
NOTHING_HIDDEN: Mapping[str, Collection[str]] = MappingProxyType({})
ANALYSED = ("analysed", "without_follow_up", "not_given_out")
"""Whether a woman's data are analysed: in the data with a survey after the first, without one, or no more in them."""


@dataclass(frozen=True, slots=True)
class Group:
    """The stations of one arm, or of one group with a number drawn at random for whoever may not know the arm."""

    key: str
    stations: tuple[int, ...]
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """So many women enrolled at one station who share one line of one stage."""

    station_id: int
    stage: str
    line: str
    women: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the women of each line by group, a last column and a last row of totals; None is not shown.

    `clusters` says, by group, how many stations have a woman in `reached`, the line that goes on to the next stage.
    """

    name: str
    lines: tuple[str, ...]
    table: tuple[tuple[int | None, ...], ...]
    reached: str
    clusters: tuple[int, ...]

    def row(self, line: str) -> tuple[int | None, ...]:
        return self.table[self.lines.index(line)]

    @property
    def totals(self) -> tuple[int | None, ...]:
        return self.table[-1]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many women the stations of a group enrolled: least, median, most."""

    least: int
    median: float
    most: int


def wave_stage(number: int) -> str:
    """Return the name of a wave's stage."""
    return f"wave_{number}"


def report_cells(cells: Iterable[FlowCell]) -> list[Cell]:
    """Return what came of the women who reported, by station."""
    flows: dict[int, Flow] = defaultdict(Flow)
    for cell in cells:
        flows[cell.station_id] += cell.flow
    return [Cell(station, "reports", line, getattr(flow, line)) for station, flow in flows.items() for line in REPORTED]


def stages(
    groups: Sequence[Group],
    cells: Iterable[Cell],
    *,
    waves: int,
    hides_small: bool,
    hidden: Mapping[str, Collection[str]] = NOTHING_HIDDEN,
) -> list[Stage]:
    """Return reports, each wave and the analysis, in this order, with the groups as columns.

    `hidden` are lines by stage whose total is hidden on other pages, for whoever may read no small cell.
    """
    asked = [("reports", REPORTED, "enrolled")]
    asked += [(wave_stage(number), FATES, "done") for number in range(waves)]
    asked += [("analysis", ANALYSED, "analysed")]
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for cell in cells:
        found[cell.stage, cell.line][cell.station_id] += cell.women
    return [
        _stage(name, lines, reached, groups, found, hidden.get(name, ()) if hides_small else None)
        for name, lines, reached in asked
    ]


def _stage(
    name: str,
    lines: tuple[str, ...],
    reached: str,
    groups: Sequence[Group],
    found: Mapping[tuple[str, str], Mapping[int, int]],
    hidden: Collection[str] | None,
) -> Stage:
    """Count one stage; `hidden` are the lines whose total is not shown, None for whoever reads everything."""
    rows = [
        [sum(found[name, line].get(station, 0) for station in group.stations) for group in groups] for line in lines
    ]
    clusters = tuple(sum(found[name, reached].get(station, 0) > 0 for station in group.stations) for group in groups)
    table: list[list[int | None]]
    if hidden is None:
        table = [[*row, sum(row)] for row in rows]
        table.append([sum(column) for column in zip(*table, strict=True)])
    else:
        table = shown_table(rows, {(lines.index(line), len(groups)) for line in hidden})
    return Stage(name, lines, tuple(tuple(row) for row in table), reached, clusters)


def sizes(group: Group, women: Mapping[int, int], *, hides_small: bool) -> Sizes | None:
    """Return the sizes of a group's clusters; None without a woman, or if one of them is too small to show."""
    counted = [women.get(station, 0) for station in group.stations]
    if not any(counted) or (hides_small and any(0 < count < SMALLEST_SHOWN for count in counted)):
        return None
    return Sizes(min(counted), statistics.median(counted), max(counted))
