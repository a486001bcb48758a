"""The overview's numbers by station and wave: whole, or without small cells for the blinded."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from monitoring.consort import FATES
from monitoring.queries import StationLine
from monitoring.wave_tables import hidden_fates, wave_fates
from panel.small_cells import shown_counts, shown_table
from surveys.queries.tracking import Tracked


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
    """Return the stations in their order.

    Where small cells are hidden, so are women in follow-up if what is left of those enrolled is one.
    """
    enrolled = _shown({line.study_code: line.enrolled for line in lines}, hides_small=hides_small)
    this_week = _shown({line.study_code: line.progress.this_week for line in lines}, hides_small=hides_small)
    followed: list[int | None] = [line.in_follow_up for line in lines]
    if hides_small and lines:
        table = shown_table([[line.in_follow_up, line.enrolled - line.in_follow_up] for line in lines])[:-1]
        followed = [None if None in row else row[0] for row in table]
    return [
        OverviewLine(line, enrolled[line.study_code], this_week[line.study_code], in_follow_up)
        for line, in_follow_up in zip(lines, followed, strict=True)
    ]


def _shown(counts: Mapping[str, int], *, hides_small: bool) -> dict[str, int | None]:
    return shown_counts(counts) if hides_small else {**counts}


def overview_waves(
    found: Sequence[Tracked], waves: Mapping[Hashable, str], *, hides_small: bool
) -> list[tuple[str, tuple[int | None, ...]]]:
    """Return each wave's label with its surveys by fate, in the order of FATES: the totals of the flow."""
    counts = wave_fates(found, len(waves))
    hidden = hidden_fates(found, len(waves)) if hides_small else [frozenset[str]()] * len(waves)
    return [
        (label, tuple(None if fate in dark else of_wave[fate] for fate in FATES))
        for label, of_wave, dark in zip(waves.values(), counts, hidden, strict=True)
    ]
