"""How the page of coverage says things: shares of each station, and what the tests changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training.queries.coverage import ScoreChange, StationCoverage


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
