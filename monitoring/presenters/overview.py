"""The overview's numbers by station and wave: whole, or without small cells for the blinded."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.queries import StationLine, WaveLine
from panel.small_cells import shown_counts, shown_table


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A station with its women as they are shown; None is not shown.

    Visits are shown as shares, whatever their number: which of them are hidden would tell it, and the arm (ADR 9).
    """

    line: StationLine
    enrolled: int | None
    this_week: int | None
    in_follow_up: int | None


def overview_lines(lines: Sequence[StationLine], *, hides_small: bool) -> list[OverviewLine]:
    """Return the stations in their order."""
    columns: list[dict[str, int | None]] = [
        shown_counts(counts) if hides_small else {**counts}
        for counts in (
            {line.study_code: line.enrolled for line in lines},
            {line.study_code: line.progress.this_week for line in lines},
            {line.study_code: line.in_follow_up for line in lines},
        )
    ]
    return [OverviewLine(line, *(column[line.study_code] for column in columns)) for line in lines]


def overview_waves(waves: Sequence[WaveLine], *, hides_small: bool) -> list[tuple[str, tuple[int | None, ...]]]:
    """Return each wave's label with its surveys still open, done, refused and missed."""
    counts: list[list[int]] = [[wave.due, wave.done, wave.refused, wave.missed] for wave in waves]
    shown: Sequence[Sequence[int | None]] = counts
    if hides_small and counts:
        shown = [row[:-1] for row in shown_table(counts)[:-1]]
    return [(wave.label, tuple(row)) for wave, row in zip(waves, shown, strict=True)]
