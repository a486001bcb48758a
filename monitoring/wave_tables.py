"""The waves as tables, without cells that are too small to show."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from monitoring.attrition import Missed
from monitoring.consort import Group
from panel.small_cells import shown_table
from surveys.queries.tracking import STATES, Tracked


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: its label, its numbers in the order of the columns, and its total; None: not shown."""

    label: str
    cells: tuple[int | None, ...]
    total: int | None


def state_table(
    found: Sequence[Tracked], lines: Mapping[Hashable, str], by: Callable[[Tracked], Hashable]
) -> list[TableRow]:
    """Return cases by line and state, with a last line of totals."""
    return _table(found, lines, by, STATES, lambda one: one.state)


def reason_table(found: Sequence[Tracked], reasons: Mapping[Hashable, str], waves: int) -> list[TableRow]:
    """Return the missed cases by reason and wave, with a last line of totals."""
    missed = [one for one in found if one.state == "missed"]
    return _table(missed, reasons, lambda one: one.reason, range(waves), lambda one: one.wave)


def group_reason_table(
    missed: Sequence[Missed], reasons: Mapping[Hashable, str], groups: Sequence[Group]
) -> list[TableRow]:
    """Return the missed cases by reason and group, and a last line of totals; small cells are hidden from everybody."""
    group_of = {station: place for place, group in enumerate(groups) for station in group.stations}
    counts: Counter[tuple[Hashable, int]] = Counter()
    for one in missed:
        if one.station_id in group_of:
            counts[one.reason, group_of[one.station_id]] += one.cases
    return _shown([[counts[reason, place] for place in range(len(groups))] for reason in reasons], reasons)


def _table(
    found: Sequence[Tracked],
    lines: Mapping[Hashable, str],
    by: Callable[[Tracked], Hashable],
    columns: Sequence[Hashable],
    across: Callable[[Tracked], Hashable],
) -> list[TableRow]:
    counts: Counter[tuple[Hashable, Hashable]] = Counter()
    for one in found:
        counts[by(one), across(one)] += one.cases
    return _shown([[counts[line, column] for column in columns] for line in lines], lines)


def _shown(rows: Sequence[Sequence[int]], lines: Mapping[Hashable, str]) -> list[TableRow]:
    shown, labels = shown_table(rows), [*lines.values(), ""]
    return [TableRow(label, tuple(row[:-1]), row[-1]) for label, row in zip(labels, shown, strict=True)]
