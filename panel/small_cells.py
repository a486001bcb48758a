"""Counts that are safe to show: a few women in a cell could be known by it."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

Cell: TypeAlias = tuple[int, int]
SMALLEST_SHOWN = 5


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return one row's counts with 1 to 4 hidden (None).

    Whoever knows the row's total knows the sum of what is hidden: of one cell, or of a sum below 5, that would tell
    them. Then the next smallest is hidden too.
    """
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    if hidden and (len(hidden) == 1 or sum(counts[key] for key in hidden) < SMALLEST_SHOWN):
        others = [(count, key) for key, count in counts.items() if count >= SMALLEST_SHOWN]
        hidden |= {min(others)[1]} if others else set()
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown_table(rows: Sequence[Sequence[int]], hidden: Collection[Cell] = ()) -> list[list[int | None]]:
    """Return a table with its totals, as a last column and a last row, 1 to 4 hidden (None).

    A line is a row or column with its total. None has one cell hidden alone, nor cells that are known to sum to less
    than 5, as the others would tell them: then its next smallest is hidden too, of five or more, or else a zero.
    `hidden` are cells by row and column, totals among them, that are hidden elsewhere and so here.
    """
    table = [[*row, sum(row)] for row in rows]
    table.append([sum(column) for column in zip(*table, strict=True)])
    cells = {(row, column): count for row, counts in enumerate(table) for column, count in enumerate(counts)}
    lines = [[cell for cell in cells if cell[0] == row] for row in range(len(table))]
    lines += [[cell for cell in cells if cell[1] == column] for column in range(len(table[0]))]
    closed = {cell for cell, count in cells.items() if 0 < count < SMALLEST_SHOWN} | set(hidden)
    while told := next((line for line in lines if _is_told(line, cells, closed)), None):
        others = [cell for cell in told if cell not in closed]
        closed.add(min(others, key=lambda cell: (cells[cell] == 0, cells[cell], cell)))
    return [
        [None if (row, column) in closed else count for column, count in enumerate(counts)]
        for row, counts in enumerate(table)
    ]


def _is_told(line: Sequence[Cell], cells: Mapping[Cell, int], hidden: Collection[Cell]) -> bool:
    """Say whether what is hidden of a line, whose total is its last cell, follows from what is shown."""
    out = [cell for cell in line if cell in hidden]
    is_sum_known = len(out) > 1 and line[-1] not in hidden
    return len(out) == 1 or (is_sum_known and sum(cells[cell] for cell in out) < SMALLEST_SHOWN)
