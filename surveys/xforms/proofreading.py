"""All faults of a workbook at once, though its converter stops at the first.

What it met is set right in a copy, as little as lets it go on, and the copy is converted again. Nothing of the copy is
kept: a workbook with a fault is refused, whatever is found after it.
"""

import re
from collections.abc import Callable, Mapping

from surveys.xforms.problems import NAME_HEADINGS, Problem, Rows, column_number, plain_heading

MOST_FAULTS = 20
# Each fault is a conversion of the whole: larger workbooks are told their first alone.
MOST_ROWS_READ_AGAIN = 1_000
# What the converter says of a cell that names a question which it does not find.
_SPEAKS_OF = re.compile("Reference variables")
# And of a row whose name is missing or cannot be one.
_NAMELESS = re.compile("no name|Names must begin")
# What stands for a cell that was wrong; nothing for the others.
_STANDS_FOR = {"type": "text", "calculation": "1", "calculate": "1"}


def all_faults(
    first: Problem, sheets: Mapping[str, Rows], next_fault: Callable[[dict[str, Rows]], Problem | None]
) -> list[Problem]:
    """Return the first fault and those behind it, each at another row, in the order in which they are met.

    `next_fault` converts sheets and returns what it stops at. A fault of which only the rest of the sheet could say how
    it is meant (a group that never ends) is the last one told. Where a name lacks or cannot be one, nobody is told that
    other cells speak of a question that there is not: they may mean that one.
    """
    found, met = [first], [first]
    if sum(len(rows) for rows in sheets.values()) > MOST_ROWS_READ_AGAIN:
        return found
    copy = {name: [(number, list(cells)) for number, cells in rows] for name, rows in sheets.items()}
    while len(met) < MOST_FAULTS and _set_right(copy, met[-1]):
        problem = next_fault(copy)
        if problem is None or not problem.row or any(_is_same(problem, before) for before in met):
            break
        met.append(problem)
        if not (_SPEAKS_OF.search(problem.what) and any(_NAMELESS.search(before.what) for before in found)):
            found.append(problem)
    return found


def _is_same(one: Problem, other: Problem) -> bool:
    return (one.sheet, one.row) == (other.sheet, other.row)


def _set_right(sheets: dict[str, Rows], fault: Problem) -> bool:
    """Change the row of a fault so that the converter gets past it; say whether that could be done."""
    rows = sheets.get(fault.sheet, [])
    cells = next((cells for number, cells in rows[1:] if number == fault.row), None)
    if cells is None or fault.sheet not in {"survey", "choices"}:
        return False
    if fault.sheet == "choices":
        cells[:] = [""] * len(cells)
        return True
    headings = [plain_heading(heading) for heading in rows[0][1]]
    cells += [""] * (len(headings) - len(cells))
    written = dict(zip(headings, cells, strict=False))
    if written.get("type", "").startswith(("begin", "end")):
        return False
    name = next((heading for heading in NAME_HEADINGS if heading in headings), None)
    column = column_number(fault.column)
    heading = headings[column] if 0 <= column < len(headings) else ""
    if "has no label" in fault.what:
        if heading := next((each for each in headings if each.startswith("label")), ""):
            cells[headings.index(heading)] = "–"
    elif name is not None and (heading in NAME_HEADINGS or "no name" in fault.what):
        cells[headings.index(name)] = f"fault_{fault.row}"
    elif heading:
        cells[headings.index(heading)] = _STANDS_FOR.get(heading, "")
    return bool(heading) or "no name" in fault.what
