"""A workbook becomes a form, or each thing that is wrong with it is named by sheet, row and column."""

import copy
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.xforms.problems import XLSFormInvalid, column_letters, column_number
from surveys.xforms.xlsform import convert_xlsform
from tests.surveys.xforms.workbooks import HOUSEHOLD, changed, workbook


def problems(content):
    with pytest.raises(XLSFormInvalid) as refusal:
        convert_xlsform(content)
    return [(problem.sheet, f"{problem.column}{problem.row or ''}") for problem in refusal.value.problems]


def refused(content):
    try:
        convert_xlsform(content)
    except XLSFormInvalid as refusal:
        return refusal
    return None


def test_a_form_has_its_questions_languages_and_lists():
    form = convert_xlsform(workbook(HOUSEHOLD)).xform

    assert (form.form_id, form.version, form.title, form.root) == ("household", "1", "Hogar", "data")
    assert form.languages == ("Español (es)", "English (en)")
    assert [(q.path, q.type, q.kind) for q in form.questions if q.kind != "hidden"] == [
        ("/data/private", "string", "select1"),
        ("/data/home/age", "int", "input"),
        ("/data/home/moved_in", "date", "input"),
        ("/data/home/things", "string", "select"),
        ("/data/home/region", "string", "select1"),
        ("/data/home/city", "string", "select1"),
        ("/data/home/income", "decimal", "input"),
        ("/data/home/child/nickname", "string", "input"),
        ("/data/home/child/child_age", "int", "input"),
        ("/data/best_hour", "time", "input"),
        ("/data/again", "string", "select1"),
        ("/data/again_other", "string", "input"),
        ("/data/thanks", "string", "input"),
    ]
    assert form.repeats == ("/data/home/child",)
    assert form.labels["/data/home/age:label"] == {"Español (es)": "Edad", "English (en)": "Age"}
    (age,) = (question for question in form.questions if question.name == "age")
    assert age.messages["English (en)"] == "From 18 to 110"


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        (changed("survey", 3, "A", "selec_one yes_no"), [("survey", "A3")]),
        (changed("survey", 3, "A", "select_one si_no"), [("survey", "A3")]),
        (changed("survey", 5, "B", "1age"), [("survey", "B5")]),
        (changed("survey", 7, "B", "age"), [("survey", "B7")]),
        (changed("survey", 4, "F", "${nobody} = 'yes'"), [("survey", "F4")]),
        (changed("survey", 5, "G", ". >= (18"), [("survey", "G5")]),
        (changed("survey", 15, "H", "count(${child}"), [("survey", "H15")]),
        (changed("survey", 14, "A", "end_group"), [("survey", "A14")]),
        (changed("choices", 3, "B", "yes"), [("choices", "B3")]),
        (changed("choices", 3, "B", ""), [("choices", "B3")]),
        (changed("settings", 2, "B", ""), [("settings", "2")]),
        (changed("settings", 2, "B", "a form"), [("settings", "2")]),
        (changed("settings", 2, "C", ""), [("settings", "2")]),
        (workbook({"survey": HOUSEHOLD["survey"], "choices": HOUSEHOLD["choices"]}), [("settings", "")]),
        (workbook({"settings": HOUSEHOLD["settings"]}), [("survey", "")]),
    ],
)
def test_what_is_wrong_is_named_with_its_cell(content, cells):
    assert problems(content) == cells


def test_a_function_that_only_devices_know_is_told_and_taken_on_trust():
    warnings = convert_xlsform(changed("survey", 5, "G", ". > area(.)")).warnings

    assert warnings[-1] == "survey, G5: the constraint uses area(), which devices run and the server does not check"


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def with_part(name, content):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HOUSEHOLD))) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to,
    ):
        for part in book.namelist():
            to.writestr(part, content if part == name else book.read(part))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"<xml/>",
        b"%PDF-1.7",
        workbook(HOUSEHOLD)[:900],
        packed(word__document="<w/>"),
        with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 60 * 2**20 + b"</worksheet>"),
        with_part("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'),
        with_part("xl/sharedStrings.xml", b"<sst>" + b"<si>" * 200),
    ],
    ids=["empty", "cut", "xml", "pdf", "half", "word", "bomb", "entity", "deep"],
)
def test_a_hostile_or_damaged_file_is_refused(content):
    assert len(problems(content)) == 1


CELLS = st.one_of(
    st.sampled_from(
        ["", "select_one yes_no", "begin_repeat", "end_group", "calculate", "${age}", "today()", "1 div 0", "note",
         "rank things", "select_one_from_file a.csv", "xml-external", "range", "image", "geopoint", "true()", "."]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=60)
@given(st.sampled_from(sorted(HOUSEHOLD)), st.data())
def test_whatever_stands_in_the_cells_it_is_a_form_or_refused(sheet, data):
    sheets = copy.deepcopy(HOUSEHOLD)
    rows = sheets[sheet]
    for _change in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row] = [data.draw(CELLS) if data.draw(st.booleans()) else cell for cell in rows[row]]
    said = refusal.problems if (refusal := refused(workbook(sheets))) else ()
    assert all(problem.what for problem in said)


def test_all_faults_are_told_at_once():
    sheets = copy.deepcopy(HOUSEHOLD)
    survey = sheets["survey"]
    survey[2][0] = "select_one si_no"  # no such list
    survey[4][0] = "integr"  # no such kind
    survey[5][6] = ". <= ${nobody}"  # no such question
    survey[9][1] = "age"  # stands twice
    survey[18][2:4] = ["", ""]  # no text
    sheets["choices"][3][1] = "radio"  # no fault: another list
    sheets["choices"][5][1] = "radio"  # stands twice in its list

    found = [(problem.sheet, problem.row) for problem in refused(workbook(sheets)).problems]

    assert found[0][0] == "choices"
    assert sorted(found) == [("choices", 6), *(("survey", row) for row in (3, 5, 6, 10, 19))]


def test_after_a_group_that_never_ends_nothing_is_guessed():
    sheets = copy.deepcopy(HOUSEHOLD)
    sheets["survey"][15] = ["note", "still_home", "Sigue", "Goes on"]
    sheets["survey"][18][0] = "integr"
    assert len(refused(workbook(sheets)).problems) <= 2


@given(st.integers(0, 20_000))
def test_columns_are_counted_as_they_are_lettered(column):
    assert column_number(column_letters(column)) == column
