"""A form in its own words, and its answers written as a device would."""

import pytest
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from surveys.xforms.problems import XLSFormInvalid
from surveys.xforms.rules import form_rules
from surveys.xforms.submission import check_submission, said, sent_as
from surveys.xforms.wording import identifying_paths, in_language, language_name, worded_questions
from surveys.xforms.writing import written_submission
from surveys.xforms.xlsform import convert_markdown, convert_xlsform
from tests.surveys.xforms.workbooks import ANSWERS, HOUSEHOLD, LIMA, NOW, workbook

QUOTING = """| survey |
| | type | name | label | calculation |
| | text | name | N | |
| | calculate | hello | | concat('a', ${name}) |
| | calculate | again | | concat(${hello}, '!') |
| | calculate | other | | 1 + 1 |
| settings |
| | form_id | version |
| | f | 1 |
"""
MADE = convert_xlsform(workbook(HOUSEHOLD))


def by_name():
    return {question.name: question for question in worded_questions(MADE.xform, MADE.xml)}


def test_questions_have_their_words_in_each_language():
    found = by_name()
    city = found["city"]
    assert city.label == {"Español (es)": "Ciudad", "English (en)": "City"}
    assert [(choice.code, choice.label["English (en)"]) for choice in city.choices] == [
        ("lima", "Lima"),
        ("cusco", "Cusco"),
    ]
    assert city.groups == ({"Español (es)": "Su hogar", "English (en)": "Your home"},)
    assert [in_language(group, "es") for group in found["nickname"].groups] == ["Su hogar", "Hijos"]
    assert [choice.code for choice in found["again"].choices] == ["yes", "no", "other"]
    assert found["thanks"].kind == "note"


def test_her_own_words_and_what_quotes_them_may_identify():
    assert {path.rpartition("/")[2] for path in identifying_paths(MADE.xform)} == {"nickname", "again_other"}
    assert identifying_paths(convert_markdown(QUOTING).xform) == {"/data/name", "/data/hello", "/data/again"}


PUT_ELSEWHERE = """| survey |
| | type | name | label | calculation | trigger | default |
| | begin_repeat | people | People | | | |
| | text | name | N | | | |
| | integer | age | N | | | |
| | end_repeat | | | | | |
| | select_one ${name} | who | Who? | | | |
| | select_one ${age} | which | Which? | | | |
| | select_one yn | q | Q | | | |
| | calculate | kept | | concat(${who}, '!') | ${q} | |
| | calculate | asked | | now() | ${q} | |
| | date | on | On | | | ${kept} |
| | date | today | On | | | today() |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| settings |
| | form_id | version |
| | f | 1 |
"""


def test_her_words_may_identify_as_a_choice_and_wherever_a_device_puts_them():
    found = identifying_paths(convert_markdown(PUT_ELSEWHERE).xform)
    assert found == {"/data/people/name", "/data/who", "/data/kept", "/data/on"}


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        ({"Español (es)": "Sí", "English (en)": "Yes"}, "en", "Yes"),
        ({"Español (es)": "Sí", "English (en)": "Yes"}, "es-pe", "Sí"),
        ({"Español (es-PE)": "Sí"}, "en", "Sí"),
        ({"": "Yes"}, "es", "Yes"),
        ({}, "es", ""),
    ],
)
def test_words_in_a_language(words, language, said):
    assert in_language(words, language) == said


def test_name_of_a_language():
    assert language_name(("Español (es)", "English (en)"), "en") == "English (en)"
    assert language_name(("Quechua (qu)",), "en") == ""


def test_what_is_written_is_read_as_the_same_answers():
    answers = {**ANSWERS, "child": [{"nickname": "Rosita", "child_age": "9"}, {"nickname": "Leo", "child_age": "5"}]}
    written = written_submission(MADE.xform, answers, instance_id="uuid:1")
    checked = check_submission(written, form_rules(MADE.xform, zone=LIMA), zone=LIMA, now=NOW)

    assert sent_as(written) == ("household", "1", "uuid:1")
    assert said(written, "age") == ANSWERS["age"]
    assert said(written, "nothing") == ""
    assert checked.findings == ()
    assert checked.answers == answers


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPE_DICT))
def test_every_kind_of_question_that_the_converter_knows_loads_or_is_refused(kind):
    sheets = {
        "survey": [["type", "name", "label", "calculation", "parameters"], [kind, "q", "Q", "1 + 1", ""]],
        "choices": [["list_name", "name", "label"], ["l", "a", "A"]],
        "settings": [["form_id", "version"], ["f", "1"]],
    }
    try:
        made = convert_xlsform(workbook(sheets))
    except XLSFormInvalid as error:
        said = [problem.what for problem in error.problems]
    else:
        said = [question.name for question in worded_questions(made.xform, made.xml)] or ["nothing to ask"]
    assert said
    assert all(said)
