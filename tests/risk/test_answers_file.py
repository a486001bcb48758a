from pathlib import Path

import polars as pl
import pytest

from risk.answers_file import AnswersFileInvalid, read_answers, write_scores
from tests.risk.scales import FVR

COLUMNS = ["id", *(item.id for item in FVR.items), "pregnancy"]
HEADER = ",".join(COLUMNS)


def _row(form_id: str, **cells: str) -> str:
    return ",".join([form_id, *(cells.get(f"q{column}", "no") for column in COLUMNS[1:])])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"])
def test_answers_are_read_as_text_with_null_for_blank(end: str, mark: str) -> None:
    content = mark + end.join([HEADER, _row("007", q1="si", q2="", qpregnancy="si"), _row("x y")])

    forms = read_answers(content.encode(), "a.csv", FVR)

    assert forms.columns == COLUMNS
    assert forms.select("id", "1", "2", "pregnancy").rows() == [("007", "si", None, "si"), ("x y", "no", "no", "no")]


def test_columns_may_stand_in_any_order() -> None:
    content = ",".join(reversed(COLUMNS)) + "\n" + ",".join(["si"] * (len(COLUMNS) - 1)) + ",z\n"

    assert read_answers(content.encode(), "a.csv", FVR).row(0) == ("z", *["si"] * (len(COLUMNS) - 1))


def test_header_alone_is_no_form() -> None:
    assert read_answers(HEADER.encode(), "a.csv", FVR).height == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "a.csv: the first row must name the columns"),
        (
            HEADER.replace(",9,", ","),
            "a.csv, row 1: column 9 is missing; leave its cells empty where nothing was marked",
        ),
        (HEADER.removeprefix("id,"), "a.csv, row 1: column id is missing; each form needs an id"),
        (HEADER + ",99", "a.csv, row 1: column 99 is nothing that the scale asks"),
        (HEADER + ",9", "a.csv, row 1: column 9 stands twice"),
        (f"{HEADER}\n1,si", "a.csv, row 2: expected 24 columns, found 2"),
        (f"{HEADER}\n{_row('1')}\n{_row('2')},si", "a.csv, row 3: expected 24 columns, found 25"),
        (f"{HEADER}\n{_row('1')}\n{_row('2', q2a='SI')}", 'a.csv, row 3, column 2a: "SI" is neither si, no nor empty'),
        (f"{HEADER}\n{_row('1', q3='1')}", 'a.csv, row 2, column 3: "1" is neither si, no nor empty'),
        (f"{HEADER}\n{_row('1')}\n{_row('')}", "a.csv, row 3, column id: each form needs an id"),
        (
            f"{HEADER}\n{_row('1')}\n{_row('2')}\n{_row('1')}",
            "a.csv, row 4, column id: 1 was given before; each form needs its own",
        ),
    ],
)
def test_wrong_file_is_refused_with_row_column_and_expectation(content: str, message: str) -> None:
    with pytest.raises(AnswersFileInvalid) as caught:
        read_answers(content.encode(), "a.csv", FVR)

    assert str(caught.value) == message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", f"{HEADER}\n1,s\xed".encode("latin-1"), b"\x00"])
def test_bytes_that_are_no_csv_are_refused(content: bytes) -> None:
    with pytest.raises(AnswersFileInvalid):
        read_answers(content, "a.csv", FVR)


def test_scores_are_written_whole_with_booleans_in_lower_case(tmp_path: Path) -> None:
    scores = pl.DataFrame({"id": ["1", "2"], "score": [4, 0], "level": ["leve", ""], "complete": [True, False]})

    write_scores(scores, tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text() == "id,score,level,complete\n1,4,leve,true\n2,0,,false\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
