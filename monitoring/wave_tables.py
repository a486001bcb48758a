"""The waves as tables, without cells that are too small to show."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from monitoring.attrition import Missed
from monitoring.consort import FATES, Group
from panel.small_cells import SMALLEST_SHOWN, Cell, shown_table
from surveys.queries.tracking import STATES, Tracked

_STATES_OF: Mapping[str, tuple[str, ...]] = {
    **{fate: (fate,) for fate in FATES},
    "left": ("cancelled",),
    "waiting": ("coming", "in_window", "not_private", "late", "on_hold"),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: its label, its numbers in the order of the columns, and its total; None: not shown."""

    label: str
    cells: tuple[int | None, ...]
    total: int | None


def wave_states(found: Sequence[Tracked], lines: Mapping[Hashable, str]) -> list[TableRow]:
    """Return cases by wave and state, with a last line of totals."""
    return _table(found, lines, lambda one: one.wave, STATES, lambda one: one.state)


def interviewer_states(found: Sequence[Tracked], lines: Mapping[Hashable, str], waves: int) -> list[TableRow]:
    """Return cases by interviewer and state; a total that the waves do not show is not shown here either."""
    of_waves = wave_states(found, dict.fromkeys(range(waves), ""))[-1]
    hidden = {(len(lines), place) for place, count in enumerate(of_waves.cells) if count is None}
    return _table(found, lines, lambda one: one.interviewer, STATES, lambda one: one.state, hidden)


def reason_table(found: Sequence[Tracked], reasons: Mapping[Hashable, str], waves: int) -> list[TableRow]:
    """Return the missed cases by reason and wave, with a last line of totals; hidden where those of the waves are."""
    missed = [one for one in found if one.state == "missed"]
    *of_waves, of_all = wave_states(found, dict.fromkeys(range(waves), ""))
    totals = [row.cells[STATES.index("missed")] for row in (*of_waves, of_all)]
    hidden = {(len(reasons), place) for place, count in enumerate(totals) if count is None}
    return _table(missed, reasons, lambda one: one.reason, range(waves), lambda one: one.wave, hidden)


def wave_fates(found: Sequence[Tracked], waves: int) -> list[dict[str, int]]:
    """Return of each wave how many surveys met each fate."""
    fate_of = {state: fate for fate, states in _STATES_OF.items() for state in states}
    counts = [dict.fromkeys(FATES, 0) for _wave in range(waves)]
    for one in found:
        counts[one.wave][fate_of[one.state]] += one.cases
    return counts


def hidden_fates(found: Sequence[Tracked], waves: int) -> list[frozenset[str]]:
    """Return of each wave the fates whose number is hidden on every page, as the table of states hides theirs.

    What waits is the sum of five states: it is shown unless it would tell one of them.
    """
    states = wave_states(found, dict.fromkeys(range(waves), ""))[:-1]
    counts = [Counter(dict.fromkeys(STATES, 0)) for _wave in range(waves)]
    for one in found:
        counts[one.wave][one.state] += one.cases
    return [_hidden_of(row, counts[wave]) for wave, row in enumerate(states)]


def _hidden_of(row: TableRow, counts: Mapping[str, int]) -> frozenset[str]:
    dark = {state for state, count in zip(STATES, row.cells, strict=True) if count is None}
    hidden = {fate for fate, states in _STATES_OF.items() if len(states) == 1 and dark.intersection(states)}
    waiting = dark.intersection(_STATES_OF["waiting"])
    tells = len(waiting) == 1 or sum(counts[state] for state in waiting) < SMALLEST_SHOWN
    if waiting and (tells or len(hidden) == 1):
        hidden.add("waiting")
    return frozenset(hidden)


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
    hidden: Collection[Cell] = (),
) -> list[TableRow]:
    counts: Counter[tuple[Hashable, Hashable]] = Counter()
    for one in found:
        counts[by(one), across(one)] += one.cases
    return _shown([[counts[line, column] for column in columns] for line in lines], lines, hidden)


def _shown(
    rows: Sequence[Sequence[int]], lines: Mapping[Hashable, str], hidden: Collection[Cell] = ()
) -> list[TableRow]:
    shown, labels = shown_table(rows, hidden), [*lines.values(), ""]
    return [TableRow(label, tuple(row[:-1]), row[-1]) for label, row in zip(labels, shown, strict=True)]
