"""Rows of texts between separators (CSV), read alike in every process."""

import csv
import io
from collections.abc import Iterator

LONGEST_CELL = 131_072


def delimited_rows(text: str, *, delimiter: str = ",", strict: bool = False) -> Iterator[list[str]]:
    """Yield the rows of a text; a quoted cell may hold separators and line breaks.

    Raise csv.Error for a cell longer than LONGEST_CELL, and where `strict` for a quotation mark out of place. The
    reader's own limit holds for the whole process, and packages that it happens to have loaded raise it.
    """
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict):
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise csv.Error(f"a cell of more than {LONGEST_CELL} signs")
        yield row
