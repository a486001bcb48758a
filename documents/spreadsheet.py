"""Reading the sheets of an XLSX workbook row by row, with the standard library.

A workbook comes from outside, so nothing in it may decide how much memory it takes: a part is unpacked as a stream up
to a limit, a row that is empty costs nothing, and a cell far out on the sheet no more than one near by. (Libraries that
lay a sheet out as a grid end the whole process on a file of 5 kB with one value in row 1,048,576.)
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.parsers import expat

MOST_BYTES_UNPACKED = 32 * 2**20
# A value further out is reported in this column: what a list holds stands long before it.
LAST_COLUMN = 500
LAST_ROW = 1_048_576
CHUNK_BYTES = 2**16
DEEPEST = 50
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
# The formats that Excel knows by number and that show a day or a time.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# What a format holds besides the letters of a date: quoted and escaped text, fillers, colours, conditions.
NOT_LETTERS_OF_A_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
# Day 0 of the two calendars that a workbook may count by.
DAY_ZERO, DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (a cell has no zone)
_ERROR = {"t": "e"}
DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, IndexError, EOFError, OverflowError,
    RuntimeError,
)  # fmt: skip


class NotReadable(ValueError):
    """The content is no whole XLSX workbook that opens without a password."""


class TooLarge(ValueError):
    """A part of the workbook unpacks to more than a list of people or stations needs."""


class MergedCells(ValueError):
    """Cells are merged, so that rows have no value of their own; `cells` says which, as A2:A5, of which sheet."""

    def __init__(self, cells: str, sheet: str = "") -> None:
        super().__init__(cells)
        self.cells, self.sheet = cells, sheet


class NumberText(str):
    """A cell that holds a number, as text: any zeros at its beginning are lost."""

    __slots__ = ()


class FormulaError(str):
    """A cell whose formula came to an error, as text; #N/A where nobody has calculated it yet."""

    __slots__ = ()


def sheet_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (row, cells) for each row of the first sheet that holds a value; formulas give what they last came to.

    Numbers are NumberText in their shortest form, days as 2026-11-24, times as 14:30, both as ISO 8601 writes them.
    Raises NotReadable, TooLarge, or MergedCells (which stand behind the rows).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _rows(archive, next(iter(_sheets(archive).values())))
    except (TooLarge, MergedCells):
        raise
    except DAMAGED as error:
        raise NotReadable(str(error)) from error


def workbook_rows(content: bytes, *, read: Container[str]) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """Return the name of each sheet, in order, with its rows that hold a value, as `sheet_rows` yields them.

    Of a sheet whose name, in small letters, is not in `read` nothing is looked at: it has no rows. Raises NotReadable,
    TooLarge or MergedCells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                (name, _rows_of(name, archive, path) if name.strip().lower() in read else [])
                for name, path in _sheets(archive).items()
            ]
    except (TooLarge, MergedCells):
        raise
    except DAMAGED as error:
        raise NotReadable(str(error)) from error


def _rows_of(name: str, archive: zipfile.ZipFile, path: str) -> list[tuple[int, list[str]]]:
    try:
        return list(_rows(archive, path))
    except MergedCells as error:
        raise MergedCells(error.cells, name) from error


Attributes = Mapping[str, str]
Event = tuple[str, str, Attributes]


def _events(archive: zipfile.ZipFile, path: str) -> Iterator[Event]:
    """Yield ("start", name, attributes), ("end", name, {}), and the text of values as ("text", text, {})."""
    events: list[Event] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        within.append(_local(name))
        if len(within) > DEEPEST:
            raise NotReadable(name)
        events.append(("start", within[-1], {_local(key): value for key, value in attributes.items()}))

    def end(_name: str) -> None:
        events.append(("end", within.pop(), {}))

    def text(characters: str) -> None:
        # rPh holds how a text is pronounced, as Japanese workbooks note.
        if within[-1] in {"v", "t"} and "rPh" not in within:
            events.append(("text", characters, {}))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, _refuse_doctype
    for chunk in _unpacked(archive, path):
        parser.Parse(chunk, False)
        yield from events
        events.clear()
    parser.Parse(b"", True)


def _unpacked(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    unpacked = 0
    with archive.open(path) as part:
        while chunk := part.read(CHUNK_BYTES):
            unpacked += len(chunk)
            if unpacked > MOST_BYTES_UNPACKED:
                raise TooLarge(path)
            yield chunk


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refuse_doctype(*_declared: object) -> None:
    raise NotReadable("a document type, which no workbook has")


def _starts(archive: zipfile.ZipFile, path: str, *names: str) -> Iterator[tuple[str, Attributes]]:
    """Yield name and attributes of these elements; nothing if there is no such part."""
    if path in archive.NameToInfo:
        yield from ((name, found) for kind, name, found in _events(archive, path) if kind == "start" and name in names)


# --- The parts of a workbook -----------------------------------------------------------------------------------------


def _rows(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, list[str]]]:
    as_text = _Reading.of(archive)
    current, cells = 0, list[str]()
    for row, column, attributes, value in _cells(archive, sheet):
        if row != current and cells:
            yield current, cells
            cells = []
        current = row
        cells += [""] * (column - len(cells))
        cells[column - 1] = as_text.of_cell(attributes, value)
    if cells:
        yield current, cells


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name and in their order."""
    targets = {found["Id"]: found["Target"] for _name, found in _starts(archive, RELATIONS, "Relationship")}
    sheets = {
        found["name"]: posixpath.normpath(posixpath.join("/xl", targets[found["id"]])).lstrip("/")
        for _name, found in _starts(archive, WORKBOOK, "sheet")
        if found["id"] in targets
    }
    if not sheets:
        raise NotReadable("no sheet")
    return sheets


def _cells(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, Attributes, str]]:
    """Yield (row, column, attributes, value) of each cell that has a value; rows and columns count from 1."""
    row = column = 0
    attributes: Attributes = {}
    written: list[str] = []
    has_formula = False
    for kind, name, found in _events(archive, path):
        if kind == "text":
            written.append(name)
        elif (kind, name) == ("start", "row"):
            row, column = int(found.get("r", row + 1)), 0
            if row > LAST_ROW:
                raise NotReadable(f"row {row}")
        elif (kind, name) == ("start", "c"):
            attributes, column = found, _column(found["r"]) if "r" in found else column + 1
            has_formula = False
        elif (kind, name) == ("start", "f"):
            has_formula = True
        elif (kind, name) == ("end", "c") and (written or (has_formula and attributes.get("t") != "str")):
            # Not every program that writes a formula says what it comes to; an empty text is told by "str".
            yield row, min(column, LAST_COLUMN), attributes if written else _ERROR, "".join(written) or "#N/A"
            written.clear()
        elif (kind, name) == ("start", "mergeCell"):
            raise MergedCells(found["ref"])


def _column(reference: str) -> int:
    """Return 28 for AB7."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = 26 * column + ord(letter) - ord("A") + 1
    if column < 1:
        raise NotReadable(reference)
    return column


def _strings(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the texts that cells refer to by their number."""
    written: list[str] = []
    for kind, name, _found in _events(archive, STRINGS) if STRINGS in archive.NameToInfo else ():
        if kind == "text":
            written.append(name)
        elif (kind, name) == ("end", "si"):
            yield "".join(written)
            written.clear()


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the values of this workbook are meant."""

    strings: list[str]
    shows_date: list[bool]
    day_zero: datetime

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "_Reading":
        settings = dict(_starts(archive, WORKBOOK, "workbookPr"))
        counts_from_1904 = settings.get("workbookPr", {}).get("date1904") in {"1", "true"}
        return cls(
            list(_strings(archive)), list(_date_styles(archive)), DAY_ZERO_1904 if counts_from_1904 else DAY_ZERO
        )

    def of_cell(self, attributes: Attributes, value: str) -> str:
        match attributes.get("t", "n"):
            case "s":
                return self.strings[int(value)]
            case "n":
                style = int(attributes.get("s", 0))
                is_date = style < len(self.shows_date) and self.shows_date[style]
                return self._moment(float(value)) if is_date else _number(float(value))
            case "b":
                return "true" if value == "1" else "false"
            case "e":
                return FormulaError(value)
            case "d":
                return _iso(datetime.fromisoformat(value))
            case _:  # the text of a formula or of the cell itself
                return value

    def _moment(self, days: float) -> str:
        # Excel counts days as a fraction: to the second, and no further.
        moment = self.day_zero + timedelta(seconds=round(days * 86_400))
        return moment.time().isoformat("minutes") if 0 <= days < 1 else _iso(moment)


def _date_styles(archive: zipfile.ZipFile) -> Iterator[bool]:
    """Yield for each style of cells, in order, whether it shows a day or a time."""
    own: dict[int, str] = {}
    is_cell_style = False
    for kind, name, found in _events(archive, STYLES) if STYLES in archive.NameToInfo else ():
        if name == "cellXfs":
            is_cell_style = kind == "start"
        elif (kind, name) == ("start", "numFmt"):
            own[int(found["numFmtId"])] = NOT_LETTERS_OF_A_DATE.sub("", found["formatCode"])
        elif (kind, name) == ("start", "xf") and is_cell_style:
            code = int(found.get("numFmtId", 0))
            yield bool(re.search("[dmyhs]", own[code], re.IGNORECASE)) if code in own else code in DATE_FORMATS


def _number(value: float) -> NumberText:
    return NumberText(int(value) if value.is_integer() else repr(value))


def _iso(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat()
