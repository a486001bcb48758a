"""What is wrong with a workbook, and where it stands in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A sheet: each line by its number as Excel counts it, with its cells; the headings come first.
Rows = list[tuple[int, list[str]]]

# What the column with the names of questions and choices may be headed.
NAME_HEADINGS = ("name", "tag", "value")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: sheet, row as Excel counts it, and the column's letters; "" and 0 for unknown."""

    what: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        cell = f"{self.column}{self.row or ''}" if self.column else f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (self.sheet, cell) if part)
        return f"{where}: {self.what}" if where else self.what


class XLSFormInvalid(ValueError):
    """The workbook cannot become a form; `problems` says of each what and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def plain_heading(header: str) -> str:
    """Return a heading as the converter compares it: in small letters, its spaces as _."""
    return _SPACES.sub("_", header.lower())


def column_letters(column: int) -> str:
    """Return AB for 27."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return 26 for AA: from 0, as cells are counted."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
