"""Reading tables: the same rows and sentences from CSV and XLSX, and what is told about files that are neither."""

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from documents.tables import as_csv as kept_text
from documents.tables import choice, count, day, number, read_table, repeated, text

COLUMNS = {"code": text(8), "name": text(20), "officers": count, "share": number(0, 100, places=2), "on": day}
OPTIONAL = {"kind": choice(("a", "b"))}
HEADER = ["code", "name", "officers", "share", "on"]
ROW = ["0405", "Alfonso Ugarte", "93", "12.5", "2026-11-24"]
VALUES = {
    "code": "0405", "name": "Alfonso Ugarte", "officers": 93, "share": Decimal("12.5"), "on": date(2026, 11, 24),
    "kind": None,
}  # fmt: skip


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: list[list[object]]) -> bytes:
    """Write cells as they are: text as text, numbers as numbers, days as days."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                writes = {str: sheet.write_string, date: sheet.write_datetime}.get(type(cell), sheet.write_number)
                writes(row, column, cell)
    return out.getvalue()


def read(content: bytes):
    records, problems = read_table(content, COLUMNS, name="f", optional=OPTIONAL)
    return records, [str(problem) for problem in problems]


BOTH = pytest.mark.parametrize("written", [as_csv, as_xlsx])


@BOTH
def test_right_rows_are_read(written):
    rows = [[*HEADER, "kind"], [*ROW, ""], ["0406", "Conde", "0", "0", "2026-02-28", "b"]]
    records, problems = read(written(rows))
    assert problems == []
    assert records[0] == (2, VALUES)
    assert (records[1][0], records[1][1]["kind"], len(records)) == (3, "b", 2)


@BOTH
@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("code", "", "expected a value, found none"),
        ("code", "123456789", "expected at most 8 characters, found 9"),
        ("name", "two\nlines", "expected text on one line, without signs that cannot be seen"),
        ("name", "a\u200bb", "expected text on one line, without signs that cannot be seen"),
        ("name", "=1+1", "expected text, found = before it, which a spreadsheet takes for the sign of a formula"),
        ("name", "-1+1", "expected text, found - before it, which a spreadsheet takes for the sign of a formula"),
        ("officers", "-1", "expected a whole number from 0, found '-1'"),
        ("officers", "1.5", "expected a whole number from 0, found '1.5'"),
        ("officers", "٣", "expected a whole number from 0, found '٣'"),
        ("officers", "2147483648", "expected a number from 0 to 2147483647, found '2147483648'"),
        ("share", "100.01", "expected a number from 0 to 100, found '100.01'"),
        ("share", "-0.01", "expected a number from 0 to 100, found '-0.01'"),
        ("share", "12.345", "expected at most 2 decimals, found '12.345'"),
        ("share", "12,5", "expected a point before the decimals, found '12,5'"),
        ("share", "NaN", "expected a number from 0 to 100, found 'NaN'"),
        ("on", "24/11/2026", "expected a day such as 2026-11-24, found '24/11/2026'"),
        ("on", "2026-02-29", "expected a day such as 2026-11-24, found '2026-02-29'"),
        ("name", "#N/A", "expected a value, found the error #N/A of a formula"),
    ],
)
def test_wrong_value_is_told_with_its_place(written, column, value, sentence):
    wrong = [value if name == column else cell for name, cell in zip(HEADER, ROW, strict=True)]
    records, problems = read(written([HEADER, ROW, wrong]))
    assert problems == [f"f, row 3, column {column}: {sentence}"]
    assert [row for row, _values in records] == [2]


@pytest.mark.parametrize("value", ["2147483647", "0"])
def test_count_takes_both_ends_of_its_range(value):
    records, problems = read(as_csv([HEADER, [*ROW[:2], value, *ROW[3:]]]))
    assert (records[0][1]["officers"], problems) == (int(value), [])


@BOTH
@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([], ["f, row 1: expected a header and rows below it, found nothing"]),
        ([["", ""]], ["f, row 1: expected a header and rows below it, found nothing"]),
        ([HEADER], ["f, row 2: expected at least one row below the header, found none"]),
        ([HEADER[1:], ROW[1:]], ["f, row 1, column code: missing column; the header must name it"]),
        ([[*HEADER, "name"], [*ROW, "x"]], ["f, row 1, column name: the header names this column twice"]),
        ([[*HEADER, "kind", "kind"], ROW], ["f, row 1, column kind: the header names this column twice"]),
        ([HEADER, [*ROW, "x"]], ["f, row 2: expected 5 values, found more"]),
        ([HEADER, ["", "", "", "", ""]], ["f, row 2: expected at least one row below the header, found none"]),
    ],
)
def test_wrong_form_is_told(written, rows, sentences):
    assert read(written(rows)) == ([], sentences)


@BOTH
def test_rows_count_as_a_spreadsheet_counts_them(written):
    blank = [""] * 5
    records, _ = read(written([blank, HEADER, blank, [f" {cell} " for cell in ROW], blank, ROW]))
    assert [row for row, _values in records] == [4, 6]
    assert records[0][1] == records[1][1] == VALUES


@BOTH
def test_columns_not_asked_for_are_passed_over(written):
    assert read(written([["note", *HEADER, ""], ["x", *ROW, ""]])) == ([(2, VALUES)], [])


@BOTH
def test_value_that_stands_twice_is_told(written):
    records, _ = read(written([HEADER, ROW, ROW]))
    (problem,) = repeated(records, "code", name="f")
    assert str(problem) == "f, row 3, column code: '0405' stands in row 2 already"


def test_long_value_is_told_by_its_beginning():
    _records, problems = read(as_csv([HEADER, [*ROW[:2], "9" * 100_000, *ROW[3:]]]))
    assert problems == [f"f, row 2, column officers: expected a number from 0 to 2147483647, found '{'9' * 79}…"]


# --- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("begins", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_csv_of_any_office_is_read(delimiter, begins, ends):
    content = begins + as_csv([HEADER, ROW], delimiter).replace(b"\r\n", ends)
    assert read(content) == ([(2, VALUES)], [])


def test_quoted_values_hold_separators_quotes_and_line_breaks():
    content = as_csv([[*HEADER, "note"], ["0405", 'La "U", 2', *ROW[2:], "two\nlines"], [*ROW, ""]])
    records, problems = read(content)
    assert (records[0][1]["name"], records[1][0], problems) == ('La "U", 2', 3, [])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (as_csv([HEADER]) + "0405,Ñaña,93,1,2026-11-24".encode("latin-1"), "row 2: expected text in UTF-8; save the"),
        (as_csv([HEADER, ROW]).decode().encode("utf-16"), "row 1: expected text in UTF-8; save the file as CSV UTF-8"),
        (as_csv([HEADER]) + b"0405,A\0B,93,1,2026-11-24", "row 2: expected text in UTF-8; save the file as CSV UTF-8"),
        (b"\0" * 10_000_000, "row 1: expected text in UTF-8; save the file as CSV UTF-8"),
        (b" \n" * 5_000_000, "row 1: expected a header and rows below it, found nothing"),
        (b" " * 10_000_000, "row 1: expected a header and rows below it, found nothing"),
        (as_csv([HEADER]) + b'0405,"Open,93,1,2026-11-24\n', "row 2: expected a quotation mark at the beginning and"),
        (as_csv([HEADER]) + b'0405,"A" B,93,1,2026-11-24\n', "row 2: expected a quotation mark at the beginning and"),
        (as_csv([HEADER]) + b"9" * 10_000_000, "row 2: expected a quotation mark at the beginning and the end"),
        (b"%PDF-1.7\n1 0 obj", "row 1, column code: missing column; the header must name it"),
    ],
)
def test_file_that_is_no_csv_is_told_at_once(content, sentence):
    records, problems = read(content)
    assert records == []
    assert problems[0].startswith(f"f, {sentence}")


def test_long_file_takes_a_few_times_its_size():
    content = as_csv([HEADER, *([f"{n:06d}", *ROW[1:]] for n in range(50_000))])
    tracemalloc.start()
    records, problems = read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(records), problems) == (50_000, [])
    assert peak < 20 * len(content)


@pytest.mark.parametrize("content", [as_csv([HEADER, [""] * 5, ROW]), as_xlsx([HEADER, [""] * 5, ROW])])
def test_table_is_kept_as_text_with_its_rows_where_they_were(content):
    assert read(kept_text(content).encode()) == ([(3, VALUES)], [])


@pytest.mark.parametrize("content", [b"\xff", b"a\0b", b"PK\x03\x04", as_xlsx([HEADER])[:-9]])
def test_file_that_is_no_table_is_not_kept(content):
    assert kept_text(content) == ""
