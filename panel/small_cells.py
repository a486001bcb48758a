"""Counts that are safe to show: a few women in a cell could be known by it."""

from collections.abc import Mapping, Sequence

SMALLEST_SHOWN = 5


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return one row's counts with 1 to 4 hidden (None).

    Whoever knows the row's total could work out a cell that is hidden alone: then the next smallest is hidden too.
    """
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        others = [(count, key) for key, count in counts.items() if count >= SMALLEST_SHOWN]
        hidden |= {min(others)[1]} if others else set()
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown_table(rows: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """Return a table with its totals, as a last column and a last row, 1 to 4 hidden (None).

    A line is a row or column with its total. None has one cell hidden alone, as the others would tell it: then its next
    smallest is hidden too, of five or more, or else a zero.
    """
    table = [[*row, sum(row)] for row in rows]
    table.append([sum(column) for column in zip(*table, strict=True)])
    cells = {(row, column): count for row, counts in enumerate(table) for column, count in enumerate(counts)}
    lines = [[cell for cell in cells if cell[0] == row] for row in range(len(table))]
    lines += [[cell for cell in cells if cell[1] == column] for column in range(len(table[0]))]
    hidden = {cell for cell, count in cells.items() if 0 < count < SMALLEST_SHOWN}
    while lone := next((line for line in lines if len(hidden.intersection(line)) == 1), None):
        others = [cell for cell in lone if cell not in hidden]
        hidden.add(min(others, key=lambda cell: (cells[cell] == 0, cells[cell], cell)))
    return [
        [None if (row, column) in hidden else count for column, count in enumerate(counts)]
        for row, counts in enumerate(table)
    ]
