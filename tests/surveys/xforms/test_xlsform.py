"""A workbook becomes a form, or each thing that is wrong with it is named by sheet, row and column."""

import copy
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.problem_words import said_of
from surveys.xforms.problems import Problem, XLSFormInvalid, column_letters, column_number
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
        (changed("survey", 3, "E", "sí"), [("survey", "E3")]),
        (changed("survey", 5, "F", "private = 'yes'"), [("survey", "F5")]),
        (changed("survey", 5, "F", "$private = 'yes'"), [("survey", "F5")]),
        (changed("survey", 5, "F", "${age} > 1"), [("survey", "F5")]),
        (changed("survey", 3, "F", "${thanks} = ''"), []),
        (changed("survey", 4, "F", "${income} > 1"), [("survey", "F4")]),
        (changed("survey", 7, "G", "count-selected(., 1) > 1"), [("survey", "G7")]),
        (changed("survey", 15, "H", "round()"), [("survey", "H15")]),
        (changed("choices", 4, "B", "the radio"), [("choices", "B4")]),
        (changed("settings", 2, "B", ""), [("settings", "2")]),
        (changed("settings", 2, "B", "a form"), [("settings", "2")]),
        (changed("settings", 2, "C", ""), [("settings", "2")]),
        (workbook({"survey": HOUSEHOLD["survey"], "choices": HOUSEHOLD["choices"]}), [("settings", "")]),
        (workbook({"settings": HOUSEHOLD["settings"]}), [("survey", "")]),
    ],
)
def test_what_is_wrong_is_named_with_its_cell(content, cells):
    assert (problems(content) if cells else refused(content) or []) == cells


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed("survey", 3, "E", "sí"), "“sí” is no question: write a question as ${name}, and otherwise yes or no."),
        (changed("survey", 16, "H", "${children} + ${oldest}"), "in a circle: oldest → oldest."),
        (changed("survey", 7, "G", "selected(.)"), "selected() is given 1 parts, too few or too many."),
        (changed("choices", 4, "B", "the radio"), "The code “the radio” holds a space"),
    ],
)
def test_what_no_reader_stops_at_is_said_in_words(content, said):
    assert said in said_of(refused(content).problems[0].what)


def test_questions_that_wait_for_each_other_are_refused_and_those_of_a_row_before_are_not():
    sheets = copy.deepcopy(HOUSEHOLD)
    sheets["survey"][2][5:6] = ["${again} = 'yes'"]
    sheets["survey"][18][4:6] = ["", "${best_hour} != ''"]
    sheets["survey"][17][4:6] = ["", "${private} = 'yes'"]
    what = "the relevant cannot be read: it goes in a circle, private → again → best_hour → private"
    assert refused(workbook(sheets)).problems == (Problem(what, "survey", 18, "F"),)
    before = "indexed-repeat(${child_age}, ${child}, position(..) - 1)"
    assert refused(changed("survey", 13, "F", f"{before} > 1")) is None


def test_a_cell_without_a_value_of_its_own_is_refused_and_sheets_of_notes_are_left_alone():
    def made(sheet, **more):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            for name, rows in HOUSEHOLD.items():
                page = book.add_worksheet(name)
                for row, cells in enumerate(rows):
                    page.write_row(row, 0, cells)
                if name == sheet and "formula" in more:
                    page.write_formula(2, 6, '="."', None, more["formula"])
                if name == sheet and "merged" in more:
                    page.merge_range(2, 20, 2, 22, "x")
            notes = book.add_worksheet("Notas")
            notes.merge_range(0, 0, 0, 3, "Encuesta")
        return out.getvalue()

    assert refused(made("survey")) is None
    assert problems(made("survey", formula="#REF!")) == [("survey", "G3")]
    assert problems(made("survey", merged=True)) == [("survey", "U3")]
    with_other = {**HOUSEHOLD, "Survey ": HOUSEHOLD["survey"]}
    assert problems(workbook(with_other)) == [("survey", "")]


def test_rows_left_out_by_their_own_word_are_not_asked():
    sheets = copy.deepcopy(HOUSEHOLD)
    sheets["survey"][0].append("disabled")
    sheets["survey"].append(["audio", "song", "Canción", "Song", *[""] * 7, "yes"])
    assert refused(workbook(sheets)) is None


def test_words_that_lack_in_the_column_without_a_language_are_told_too():
    sheets = copy.deepcopy(HOUSEHOLD)
    sheets["survey"][0][2] = sheets["choices"][0][2] = "label"
    sheets["survey"][4][2] = sheets["survey"][5][3] = ""
    warnings = convert_xlsform(workbook(sheets)).warnings
    assert [line for line in warnings if "no words" in line] == [
        "survey, C5: no words in “label”",
        "survey, D6: no words in “English (en)”",
    ]


@pytest.mark.parametrize("heading", ["submission_url", "Public Key"])
def test_nothing_is_sent_to_anybody_else_nor_sealed_for_him(heading):
    settings = [[*HOUSEHOLD["settings"][0], heading], [*HOUSEHOLD["settings"][1], "https://example.org/x"]]
    content = workbook({**HOUSEHOLD, "settings": settings})
    assert problems(content) == [("settings", "E2")]
    assert "Answers are sent to this study alone" in said_of(refused(content).problems[0].what)


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
