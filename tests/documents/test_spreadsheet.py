"""What cells of a workbook mean, and workbooks that were made to harm."""

import io
import random
import tracemalloc
import zipfile
from datetime import date, datetime
from datetime import time as clock_time

import pytest
import xlsxwriter

from documents.spreadsheet import MergedCells, NotReadable, NumberText, TooLarge, sheet_rows, workbook_rows
from documents.tables import read_table, text

MEBIBYTE = 2**20


def workbook(fill, options: dict | None = None) -> bytes:
    """Return a workbook whose first sheet `fill` has written."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **(options or {})}) as book:
        fill(book, book.add_worksheet())
    return out.getvalue()


def cells(*writes) -> list[str]:
    """Return the first row after these calls: (method, value, number format)."""

    def fill(book, sheet):
        for column, (method, value, *form) in enumerate(writes):
            getattr(sheet, method)(0, column, value, *(book.add_format({"num_format": code}) for code in form))

    return next(iter(sheet_rows(workbook(fill))))[1]


def replaced(content: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the workbook with some of its parts exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return out.getvalue()


def with_sheet(rows: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a workbook with this XML as its first sheet's rows."""
    return replaced(
        workbook(lambda _book, _sheet: None),
        {
            "xl/worksheets/sheet1.xml": before
            + b"<worksheet><sheetData>"
            + rows
            + b"</sheetData>"
            + after
            + b"</worksheet>"
        },
    )


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (("write_string", "0405"), "0405"),
        (("write_number", 405), "405"),
        (("write_number", 405, "0000"), "405"),
        (("write_number", 0.6689), "0.6689"),
        (("write_number", -12.04528), "-12.04528"),
        (("write_number", 1e15), "1000000000000000"),
        (("write_number", 46350, "dd/mm/yyyy"), "2026-11-24"),
        (("write_number", 46350, '0.0 "meses"'), "46350"),
        (("write_number", 46350, "[Red]0"), "46350"),
        (("write_number", 46350, "[$-es-PE]d mmmm"), "2026-11-24"),
        (("write_datetime", date(2026, 11, 24), "d-mmm"), "2026-11-24"),
        (("write_datetime", datetime.fromisoformat("2026-11-24 14:30"), "d/m/yy h:mm"), "2026-11-24T14:30:00"),
        (("write_datetime", clock_time(14, 30), "h:mm"), "14:30"),
        (("write_boolean", True), "true"),
        (("write_boolean", False), "false"),
        (("write_string", "Ñaña & <Lima>"), "Ñaña & <Lima>"),
    ],
)
def test_cell_is_read_as_it_is_meant(write, found):
    assert cells(write) == [found]


@pytest.mark.parametrize(("value", "found"), [(93, "93"), ("norte", "norte"), ("#N/A", "#N/A"), (True, "true")])
def test_formula_gives_what_it_last_came_to(value, found):
    content = workbook(lambda _book, sheet: sheet.write_formula(0, 0, "=A2", None, value))
    assert next(iter(sheet_rows(content))) == (1, [found])


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (b"<f>A2</f>", ["#N/A"]),
        (b"<f>A2</f><v></v>", ["#N/A"]),
        (b'T<f>IF(A2=1,"x","")</f><v></v>', []),
        (b"<v></v>", []),
    ],
)
def test_formula_that_nobody_has_calculated_is_no_empty_cell(cell, found):
    start = b'<c t="str">' if cell.startswith(b"T") else b"<c>"
    content = with_sheet(b"<row>" + start + cell.removeprefix(b"T") + b"</c></row>")
    assert [each for _row, cells in sheet_rows(content) for each in cells] == found


def test_of_sheets_that_nobody_reads_nothing_is_looked_at():
    def fill(book, sheet):
        sheet.write_string(0, 0, "type")
        book.add_worksheet("Notas").merge_range(0, 0, 0, 3, "Encuesta")

    content = workbook(fill)
    (name, _rows), _other = workbook_rows(content, read={"sheet1"})
    assert [(name, [(1, ["type"])]), ("Notas", [])] == workbook_rows(content, read={name.lower()})
    with pytest.raises(MergedCells, match="A1:D1") as refused:
        workbook_rows(content, read={"notas"})
    assert refused.value.sheet == "Notas"


def test_code_that_lost_its_zero_is_told():
    content = workbook(lambda _book, sheet: [sheet.write(0, 0, "code"), sheet.write(1, 0, 405)])
    records, (problem,) = read_table(content, {"code": text(8)}, name="f.xlsx")
    assert records == []
    assert str(problem) == (
        "f.xlsx, row 2, column code: expected text, found the number 405; format the column as text, so that zeros "
        "before it stay"
    )


def test_days_of_the_calendar_from_1904():
    content = workbook(
        lambda book, sheet: sheet.write_datetime(0, 0, date(2026, 11, 24), book.add_format({"num_format": "d/m/yy"})),
        {"date_1904": True},
    )
    assert next(iter(sheet_rows(content))) == (1, ["2026-11-24"])


def test_rich_text_inline_text_and_cells_without_a_place():
    content = with_sheet(
        b'<row><c t="inlineStr"><is><r><t>Alfonso </t></r><r><t>Ugarte</t></r><rPh><t>x</t></rPh></is></c>'
        b'<c><v>7</v></c></row><row r="4"><c r="B4" t="str"><f>A1</f><v>norte</v></c><c r="D4"/></row>'
    )
    assert list(sheet_rows(content)) == [(1, ["Alfonso Ugarte", "7"]), (4, ["", "norte"])]


def test_only_the_first_sheet_is_read():
    def fill(book, sheet):
        sheet.write(0, 0, "first")
        book.add_worksheet().write(0, 0, "second")

    assert list(sheet_rows(workbook(fill))) == [(1, ["first"])]


def test_merged_cells_are_refused_by_name():
    with pytest.raises(MergedCells, match="A1:A3"):
        list(sheet_rows(workbook(lambda _book, sheet: sheet.merge_range(0, 0, 2, 0, "Lima"))))
    records, (problem,) = read_table(
        workbook(lambda _book, sheet: [sheet.write(0, 0, "code"), sheet.merge_range(1, 0, 2, 0, "Lima")]),
        {"code": text(8)},
        name="f",
    )
    assert (records, str(problem)) == (
        [],
        "f, row 1: the cells A2:A3 are merged; each row needs values of its own",
    )


# --- Files that harm -------------------------------------------------------------------------------------------------


GOOD = workbook(lambda _book, sheet: [sheet.write(row, 0, f"value {row}") for row in range(100)])
TELLS = "f, row 1: expected a whole XLSX workbook without a password; save the sheet as CSV UTF-8 instead"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, id="password or XLS"),
        pytest.param(GOOD[: len(GOOD) // 2], id="truncated"),
        pytest.param(GOOD[:-30], id="end missing"),
        pytest.param(b"PK\x03\x04", id="four bytes"),
        pytest.param(replaced(GOOD, {"xl/workbook.xml": b"<workbook/>"}), id="no sheet"),
        pytest.param(replaced(GOOD, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}), id="XML cut off"),
        pytest.param(replaced(GOOD, {"xl/sharedStrings.xml": b"<sst/>"}), id="texts missing"),
        pytest.param(with_sheet(b'<row r="x"/>'), id="row without number"),
        pytest.param(with_sheet(b'<row r="1048577"><c><v>1</v></c></row>'), id="row beyond the last"),
        pytest.param(with_sheet(b'<row><c r="7"><v>1</v></c></row>'), id="column without letter"),
        pytest.param(with_sheet(b"<row><c><v>one</v></c></row>"), id="number that is none"),
        pytest.param(with_sheet(b"<a>" * 60 + b"</a>" * 60), id="nested"),
    ],
)
def test_file_that_is_no_workbook_is_told(content):
    records, problems = read_table(content, {"code": text(8)}, name="f")
    assert (records, [str(problem) for problem in problems]) == ([], [TELLS])


def test_any_damage_is_told_and_never_raised():
    chance = random.Random(7)
    for _ in range(300):
        damaged = bytearray(GOOD)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        _records, problems = read_table(bytes(damaged), {"value 0": text(20)}, name="f")
        assert all(str(problem) for problem in problems)


def peak_of(content: bytes, error: type[Exception] | None) -> int:
    """Return the most bytes in use while reading."""
    tracemalloc.start()
    if error is None:
        for _row in sheet_rows(content):
            pass
    else:
        with pytest.raises(error):
            list(sheet_rows(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_archive_that_unpacks_to_far_more_is_refused_in_little_memory():
    bomb = with_sheet(b"<row><c><v>" + b"0" * 60 * MEBIBYTE + b"</v></c></row>")
    assert len(bomb) < MEBIBYTE // 10
    assert peak_of(bomb, TooLarge) < 120 * MEBIBYTE
    (problem,) = read_table(bomb, {"code": text(8)}, name="f")[1]
    assert "the workbook holds far more than a list" in str(problem)


def test_value_in_the_last_corner_costs_no_more_than_one_near_by():
    corner = with_sheet(b'<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    assert peak_of(corner, None) < MEBIBYTE
    *_, (row, found) = sheet_rows(corner)
    assert (row, len(found), found[-1]) == (1048576, 500, "2")


def test_text_that_many_cells_show_is_held_once():
    rows = b"<worksheet><sheetData>" + b'<row><c t="s"><v>0</v></c></row>' * 20_000 + b"</sheetData></worksheet>"
    texts = b"<sst><si><t>" + b"x" * MEBIBYTE + b"</t></si></sst>"
    content = replaced(GOOD, {"xl/worksheets/sheet1.xml": rows, "xl/sharedStrings.xml": texts})
    assert peak_of(content, None) < 20 * MEBIBYTE


def test_entities_that_grow_are_refused():
    before = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(NotReadable, match="a document type"):
        list(sheet_rows(with_sheet(b"<row><c><v>&b;</v></c></row>", before=before)))


def test_number_is_marked_so_that_codes_can_refuse_it():
    (_row, (number, written)) = next(iter(sheet_rows(workbook(lambda _b, s: s.write_row(0, 0, [405, "0405"])))))
    assert (type(number), type(written)) == (NumberText, str)
