"""Reading the tables that people bring (CSV in UTF-8, XLSX): all problems at once, each with its place.

A reader is a table of columns: name → converter. A converter takes the cell's text, stripped, and gives the value or
raises NotExpected. Rows count as a spreadsheet does: the header is row 1.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, load_workbook

from accounts.errors import StudyError

MOST_PROBLEMS_TOLD = 50
LARGEST_COUNT = 2_147_483_647
# Every XLSX is a ZIP archive, and no CSV begins like one.
XLSX_BEGINS = b"PK\x03\x04"

EXPECTED: dict[str, str | Promise] = {
    "value": _("expected a value, found none"),
    "count": _("expected a whole number from 0, found %(found)s"),
    "number": _("expected a number from %(low)s to %(high)s, found %(found)s"),
    "decimals": _("expected at most %(places)s decimals, found %(found)s"),
    "date": _("expected a day such as 2026-11-24, found %(found)s"),
    "choice": _("expected one of %(choices)s, found %(found)s"),
    "length": _("expected at most %(longest)s characters, found %(found)s"),
    "column": _("missing column; the header must name it"),
    "column_once": _("the header names this column twice"),
    "once": _("%(found)s stands in row %(first)s already"),
    "utf8": _("expected text in UTF-8; save the file as CSV UTF-8"),
    "width": _("expected %(width)s values, found more"),
    "csv": _("expected comma-separated values (%(problem)s)"),
    "xlsx": _("expected a spreadsheet that opens without a password (%(problem)s)"),
    "rows": _("expected at least one row below the header, found none"),
}

Columns = Mapping[str, Callable[[str], object]]
Records = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where, and what was expected."""

    file: str
    row: int
    column: str
    kind: str
    found: Mapping[str, object]
    words: Mapping[str, str | Promise] | None = None

    @property
    def expectation(self) -> str:
        """Say what was expected there, without the place."""
        return str((self.words or EXPECTED)[self.kind]) % self.found

    def __str__(self) -> str:
        words = {"file": self.file, "row": self.row, "column": self.column, "expected": self.expectation}
        in_column = _("%(file)s, row %(row)s, column %(column)s: %(expected)s")
        return str(in_column if self.column else _("%(file)s, row %(row)s: %(expected)s")) % words


class NotExpected(ValueError):
    """A cell is not what its column holds. A room's own kinds bring their words: kind → sentence."""

    def __init__(self, kind: str, *, words: Mapping[str, str | Promise] | None = None, **found: object) -> None:
        super().__init__(kind)
        self.kind, self.words, self.found = kind, words, found


class TableFileError(StudyError):
    """A file cannot be taken in; `problems` names each reason, the message has one line for each."""

    code = "table_file"
    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:MOST_PROBLEMS_TOLD]]
        if len(self.problems) > MOST_PROBLEMS_TOLD:
            lines.append(str(_("… and %(count)s more")) % {"count": len(self.problems) - MOST_PROBLEMS_TOLD})
        super().__init__("\n".join(lines))


def read_table(
    content: bytes, columns: Columns, *, name: str, optional: Columns | None = None
) -> tuple[Records, list[Problem]]:
    """Read a CSV or the first sheet of an XLSX: the rows that are right as (row, values), and every problem.

    Columns that are not asked for are passed over; an absent optional column gives None in each row, as does an empty
    cell in it. A row with a problem is not among the records. Never raises for what a file holds.
    """
    try:
        lines = list(_xlsx_lines(content, name) if content.startswith(XLSX_BEGINS) else _csv_lines(content, name))
    except _UnreadableFile as error:
        return [], [error.problem]
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    problems = [Problem(name, 1, column, "column", {}) for column in columns if column not in header]
    asked = {**columns, **{column: _or_none(convert) for column, convert in (optional or {}).items()}}
    problems += [Problem(name, 1, column, "column_once", {}) for column in asked if header.count(column) > 1]
    if problems:
        return [], problems
    return _converted(lines[1:], header, asked, name=name)


def repeated(records: Records, column: str, *, name: str) -> list[Problem]:
    """Return a problem for each row whose value in that column stands in an earlier row."""
    first: dict[object, int] = {}
    problems = []
    for row, values in records:
        seen = first.setdefault(values[column], row)
        if seen != row:
            problems.append(Problem(name, row, column, "once", {"found": repr(values[column]), "first": seen}))
    return problems


# --- Converters ------------------------------------------------------------------------------------------------------


def text(longest: int) -> Callable[[str], str]:
    """Take any text of 1 to `longest` characters."""

    def convert(value: str) -> str:
        if not value:
            raise NotExpected("value")
        if len(value) > longest:
            raise NotExpected("length", longest=longest, found=len(value))
        return value

    return convert


def count(value: str) -> int:
    """Take a whole number from 0 that a database integer holds."""
    if not value.isascii() or not value.isdigit():
        raise NotExpected("count", found=repr(value))
    if len(value.lstrip("0")) > len(str(LARGEST_COUNT)) or int(value) > LARGEST_COUNT:
        raise NotExpected("number", low=0, high=LARGEST_COUNT, found=repr(value))
    return int(value)


def number(low: int, high: int, *, places: int) -> Callable[[str], Decimal]:
    """Take a decimal number from low to high with at most that many decimals."""

    def convert(value: str) -> Decimal:
        try:
            parsed = Decimal(value)
        except InvalidOperation:
            parsed = Decimal("NaN")
        if not parsed.is_finite() or not low <= parsed <= high:
            raise NotExpected("number", low=low, high=high, found=repr(value))
        if parsed != round(parsed, places):
            raise NotExpected("decimals", places=places, found=repr(value))
        return parsed

    return convert


def day(value: str) -> date:
    """Take a day as ISO 8601 writes it: 2026-11-24."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise NotExpected("date", found=repr(value)) from None


def choice(values: Collection[str]) -> Callable[[str], str]:
    """Take one of these codes."""

    def convert(value: str) -> str:
        if value not in values:
            raise NotExpected("choice", choices=", ".join(values), found=repr(value))
        return value

    return convert


# --- Files -----------------------------------------------------------------------------------------------------------

Line = tuple[int, list[str]]


class _UnreadableFile(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.problem = problem


def _csv_lines(content: bytes, name: str) -> Iterator[Line]:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnreadableFile(Problem(name, content[: error.start].count(b"\n") + 1, "", "utf8", {})) from None
    if "\0" in decoded:
        raise _UnreadableFile(Problem(name, decoded[: decoded.index("\0")].count("\n") + 1, "", "utf8", {}))
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    try:
        yield from ((reader.line_num, line) for line in reader if line)
    except csv.Error as error:
        raise _UnreadableFile(Problem(name, reader.line_num, "", "csv", {"problem": error})) from None


def _xlsx_lines(content: bytes, name: str) -> Iterator[Line]:
    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        lines = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise _UnreadableFile(Problem(name, 1, "", "xlsx", {"problem": error})) from None
    for row, line in enumerate(lines, start=1):
        cells = [_cell_text(cell) for cell in line]
        if any(cells):
            yield row, cells


def _cell_text(cell: object) -> str:
    """Write a cell as the CSV of the same sheet would: whole numbers without a point, days in ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    return str(cell)


def _converted(lines: list[Line], header: list[str], columns: Columns, *, name: str) -> tuple[Records, list[Problem]]:
    records: Records = []
    problems: list[Problem] = []
    for row, cells in lines:
        values, found = {}, len(problems)
        if any(cell.strip() for cell in cells[len(header) :]):
            problems.append(Problem(name, row, "", "width", {"width": len(header)}))
        by_name = dict(zip(header, cells, strict=False))
        for column, convert in columns.items():
            try:
                values[column] = convert(by_name.get(column, "").strip())
            except NotExpected as error:
                problems.append(Problem(name, row, column, error.kind, error.found, error.words))
        if len(problems) == found:
            records.append((row, values))
    if not records and not problems:
        problems.append(Problem(name, 2, "", "rows", {}))
    return records, problems


def _or_none(convert: Callable[[str], object]) -> Callable[[str], object]:
    return lambda value: convert(value) if value else None
