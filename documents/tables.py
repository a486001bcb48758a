"""Reading the tables that people bring (CSV in UTF-8, XLSX): all problems at once, each with its place.

A reader is a table of columns: name → converter. A converter takes the cell's text, stripped, and gives the value or
raises NotExpected. Rows count as a spreadsheet counts them, empty ones included; the first that holds anything is the
header. A CSV may separate its values by commas, semicolons (as Excel does in Peru) or tabs.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from documents.delimited import delimited_rows
from documents.spreadsheet import MergedCells, NotReadable, NumberText, TooLarge, sheet_rows

MOST_PROBLEMS_TOLD = 50
LONGEST_FOUND = 80
LARGEST_COUNT = 2_147_483_647
# Every XLSX is a ZIP archive; one with a password, and an XLS, are in an older container. No CSV begins like either.
WORKBOOK_BEGINS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = ",;\t"
# Texts that begin so would run as formulas wherever they are exported to.
FORMULA_SIGNS = "=+-@"
FORMULA_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
DECIMAL_COMMA = re.compile(r"-?\d*,\d+")

EXPECTED: dict[str, str | Promise] = {
    "value": _("expected a value, found none"),
    "count": _("expected a whole number from 0, found %(found)s"),
    "number": _("expected a number from %(low)s to %(high)s, found %(found)s"),
    "point": _("expected a point before the decimals, found %(found)s"),
    "decimals": _("expected at most %(places)s decimals, found %(found)s"),
    "date": _("expected a day such as 2026-11-24, found %(found)s"),
    "choice": _("expected one of %(choices)s, found %(found)s"),
    "sign": _("expected text, found %(found)s before it, which a spreadsheet takes for the sign of a formula"),
    "line": _("expected text on one line, without signs that cannot be seen"),
    "length": _("expected at most %(longest)s characters, found %(found)s"),
    "column": _("missing column; the header must name it"),
    "column_once": _("the header names this column twice"),
    "once": _("%(found)s stands in row %(first)s already"),
    "utf8": _("expected text in UTF-8; save the file as CSV UTF-8"),
    "width": _("expected %(width)s values, found more"),
    "quotes": _("expected a quotation mark at the beginning and the end of a value, or none"),
    "text": _("expected text, found the number %(found)s; format the column as text, so that zeros before it stay"),
    "formula": _("expected a value, found the error %(found)s of a formula"),
    "merged": _("the cells %(found)s are merged; each row needs values of its own"),
    "workbook": _("expected a whole XLSX workbook without a password; save the sheet as CSV UTF-8 instead"),
    "large": _("the workbook holds far more than a list; delete what is around the list, or save it as CSV UTF-8"),
    "rows": _("expected at least one row below the header, found none"),
    "empty": _("expected a header and rows below it, found nothing"),
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
        found = {key: _clipped(value) for key, value in self.found.items()}
        return str((self.words or EXPECTED)[self.kind]) % found

    def __str__(self) -> str:
        words = {"file": self.file, "row": self.row, "column": self.column, "expected": self.expectation}
        in_column = _("%(file)s, row %(row)s, column %(column)s: %(expected)s")
        return str(in_column if self.column else _("%(file)s, row %(row)s: %(expected)s")) % words


def _clipped(value: object) -> object:
    return f"{value[:LONGEST_FOUND]}…" if isinstance(value, str) and len(value) > LONGEST_FOUND else value


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
    content: bytes,
    columns: Columns,
    *,
    name: str,
    optional: Columns | None = None,
    also: Mapping[str, str] | None = None,
) -> tuple[Records, list[Problem]]:
    """Read a CSV or the first sheet of an XLSX: the rows that are right as (row, values), and every problem.

    Columns that are not asked for are passed over; an absent optional column gives None in each row, as does an empty
    cell in it. `also` gives columns further names that a header may use (small letters → column); a problem names the
    column as the header does. A row with a problem is not among the records. Never raises for what a file holds.
    """
    known = {*columns, *(also or {})}
    lines = _workbook_lines(content, name) if content.startswith(WORKBOOK_BEGINS) else _csv_lines(content, name, known)
    try:
        place, written = next(lines, (1, []))
        header = [(also or {}).get(cell.casefold(), cell) for cell in written]
        asked = {**columns, **{column: _or_none(convert) for column, convert in (optional or {}).items()}}
        problems = _header_problems(header, columns, asked, name=name, row=place)
        if problems:
            return [], problems
        records, problems = _converted(lines, header, asked, name=name)
        as_written = dict(zip(header, written, strict=True))
        return records, [replace(problem, column=as_written.get(problem.column, "")) for problem in problems]
    except _UnreadableFile as error:
        return [], [error.problem]


def as_csv(content: bytes) -> str:
    """Return a CSV as text, and an XLSX as the CSV of its first sheet with the same rows; "" for neither."""
    try:
        if not content.startswith(WORKBOOK_BEGINS):
            decoded = content.decode("utf-8-sig")
            return "" if "\0" in decoded else decoded
        out = io.StringIO()
        writer, written = csv.writer(out, lineterminator="\n"), 0
        for row, cells in _workbook_lines(content, ""):
            out.write("\n" * (row - written - 1))
            writer.writerow(cells)
            written = row
    except (UnicodeDecodeError, _UnreadableFile):
        return ""
    return out.getvalue()


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
    """Take any text of 1 to `longest` characters; a number in a spreadsheet is none, as 0405 would come as 405."""

    def convert(value: str) -> str:
        if not value:
            raise NotExpected("value")
        if isinstance(value, NumberText):
            raise NotExpected("text", found=value)
        if value[0] in FORMULA_SIGNS:
            raise NotExpected("sign", found=value[0])
        if not value.isprintable():
            raise NotExpected("line")
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
        if DECIMAL_COMMA.fullmatch(value):
            raise NotExpected("point", found=repr(value))
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


def _csv_lines(content: bytes, name: str, columns: Collection[str]) -> Iterator[Line]:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnreadableFile(Problem(name, content[: error.start].count(b"\n") + 1, "", "utf8", {})) from None
    if "\0" in decoded:
        raise _UnreadableFile(Problem(name, decoded[: decoded.index("\0")].count("\n") + 1, "", "utf8", {}))
    if not decoded.strip():
        return
    row = 0
    rows = delimited_rows(decoded, delimiter=_delimiter(decoded, columns), strict=True)
    try:
        for row, cells in enumerate(rows, start=1):
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield row, stripped
    except csv.Error:
        raise _UnreadableFile(Problem(name, row + 1, "", "quotes", {})) from None


def _delimiter(decoded: str, columns: Collection[str]) -> str:
    """Return what makes most of the columns out of the first line."""
    first = decoded.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=lambda mark: sum(cell.strip(' "\r').casefold() in columns for cell in first.split(mark)))


def _workbook_lines(content: bytes, name: str) -> Iterator[Line]:
    try:
        for row, cells in sheet_rows(content):
            stripped = [cell if isinstance(cell, NumberText) else cell.strip() for cell in cells]
            if any(stripped):
                yield row, stripped
    except NotReadable:
        raise _UnreadableFile(Problem(name, 1, "", "workbook", {})) from None
    except TooLarge:
        raise _UnreadableFile(Problem(name, 1, "", "large", {})) from None
    except MergedCells as error:
        raise _UnreadableFile(Problem(name, 1, "", "merged", {"found": error.cells})) from None


def _header_problems(header: list[str], columns: Columns, asked: Columns, *, name: str, row: int) -> list[Problem]:
    if not header:
        return [Problem(name, row, "", "empty", {})]
    return [
        *(Problem(name, row, column, "column", {}) for column in columns if column not in header),
        *(Problem(name, row, column, "column_once", {}) for column in asked if header.count(column) > 1),
    ]


def _converted(
    lines: Iterable[Line], header: list[str], columns: Columns, *, name: str
) -> tuple[Records, list[Problem]]:
    records: Records = []
    problems: list[Problem] = []
    for row, cells in lines:
        values, found = {}, len(problems)
        if any(cells[len(header) :]):
            problems.append(Problem(name, row, "", "width", {"width": len(header)}))
        by_name = dict(zip(header, cells, strict=False))
        for column, convert in columns.items():
            try:
                values[column] = _value(convert, by_name.get(column, ""))
            except NotExpected as error:
                problems.append(Problem(name, row, column, error.kind, error.found, error.words))
        if len(problems) == found:
            records.append((row, values))
    if not records and not problems:
        problems.append(Problem(name, 2, "", "rows", {}))
    return records, problems


def _value(convert: Callable[[str], object], cell: str) -> object:
    if cell in FORMULA_ERRORS:
        raise NotExpected("formula", found=cell)
    return convert(cell)


def _or_none(convert: Callable[[str], object]) -> Callable[[str], object]:
    return lambda value: convert(value) if value else None
