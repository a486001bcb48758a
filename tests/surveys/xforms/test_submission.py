"""A submission is checked again with the form's own rules: which answers break which."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.xforms.form import XFormInvalid
from surveys.xforms.rules import form_rules
from surveys.xforms.submission import Breach, check_submission
from surveys.xforms.writing import written_submission
from surveys.xforms.xlsform import convert_markdown
from tests.surveys.xforms.workbooks import ANSWERS, HOUSEHOLD, LIMA, check, household, submission

RULES = household()


def broken(**answers):
    return {finding.place.removeprefix("/data/"): finding.breach for finding in check(submission(**answers)).findings}


def test_every_type_comes_back_as_it_was_sent():
    checked = check(submission())

    assert checked.findings == ()
    assert (checked.instance_id, checked.version) == ("uuid:0001", "1")
    assert checked.answers == {
        **{name: value for name, value in ANSWERS.items() if name != "child"},
        "child": [{"nickname": "Lucho", "child_age": "9"}, {"nickname": "Ana", "child_age": "4"}],
    }


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ({"age": "17"}, {"home/age": Breach.CONSTRAINT}),
        ({"age": "18"}, {}),
        ({"age": "110"}, {}),
        ({"age": "111"}, {"home/age": Breach.CONSTRAINT}),
        ({"age": "", "child": [], "children": "0", "oldest": ""}, {"home/age": Breach.REQUIRED}),
        ({"age": None, "child": [], "children": "0", "oldest": ""}, {"home/age": Breach.REQUIRED}),
        ({"age": "34.5"}, {"home/age": Breach.TYPE}),
        ({"age": "٣٤", "child": [], "children": "0", "oldest": ""}, {"home/age": Breach.TYPE}),
        ({"income": "mucho"}, {"home/income": Breach.TYPE}),
        ({"income": ""}, {}),
        ({"moved_in": "2026-11-18"}, {}),  # today in Lima
        ({"moved_in": "2026-11-19"}, {"home/moved_in": Breach.CONSTRAINT}),
        ({"moved_in": "18/11/2026"}, {"home/moved_in": Breach.TYPE}),
        ({"moved_in": "2026-02-30"}, {"home/moved_in": Breach.TYPE}),
        ({"things": "none"}, {}),
        ({"things": "none bed"}, {"home/things": Breach.CONSTRAINT}),
        ({"things": "radio radio"}, {"home/things": Breach.CHOICE}),
        ({"things": "radio sofa"}, {"home/things": Breach.CHOICE}),
        ({"region": "coast"}, {"home/city": Breach.CHOICE}),
        ({"region": "coast", "city": "lima"}, {}),
        ({"private": "maybe"}, {"private": Breach.CHOICE, "home/age": Breach.NOT_ASKED}),
        ({"again": "yes"}, {"again_other": Breach.NOT_ASKED}),
        ({"best_hour": "25 h"}, {"best_hour": Breach.TYPE}),
        ({"children": "3"}, {"home/children": Breach.CALCULATION}),
        ({"oldest": "9.0"}, {}),
        ({"child": [("Lucho", "9"), ("", "40")], "oldest": "40"},
         {"home/child[2]/nickname": Breach.REQUIRED, "home/child[2]/child_age": Breach.CONSTRAINT}),
        ({"child": [], "children": "0", "oldest": ""}, {}),
        ({"private": ""}, {"private": Breach.REQUIRED, "home/age": Breach.NOT_ASKED}),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named_with_its_place(answers, places):
    found = broken(**answers)

    if Breach.NOT_ASKED in places.values() and "home/age" in places:
        # Without privacy nothing of the home is asked: each answer there is one that nobody should have.
        assert {place for place in found if place.startswith("home/")} >= {"home/age", "home/child[1]/nickname"}
        found = {place: breach for place, breach in found.items() if place in places}
    assert found == places


def test_what_was_not_asked_is_no_answer():
    assert check(submission(private="no")).answers.keys() == {"start", "private", "best_hour", "again", "again_other"}


def test_an_answer_to_a_question_that_the_form_does_not_have_is_told():
    sent = submission().replace(b"<meta>", b"<extra>1</extra><meta>")

    assert [(finding.place, finding.breach) for finding in check(sent).findings] == [("/data/extra", Breach.UNKNOWN)]


def test_a_day_counts_on_the_clock_of_lima():
    late_evening = datetime(2026, 11, 19, 4, 30, tzinfo=UTC)  # still 18 November, 23:30, in Lima
    checked = check_submission(submission(moved_in="2026-11-19"), RULES, zone=LIMA, now=late_evening)

    assert [finding.breach for finding in checked.findings] == [Breach.CONSTRAINT]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no XML"),
        (b"age=34", "no XML"),
        (b'{"age": 34}', "no XML"),
        (b'<other id="household"/>', "expected “household”"),
        (b'<data id="another"/>', "a submission of “another”"),
        (b"<data/>", "expected “household”"),
        (b'<!DOCTYPE data [<!ENTITY a "b">]><data id="household">&a;</data>', "document type"),
        (b'<!DOCTYPE data SYSTEM "file:///etc/passwd"><data id="household"/>', "document type"),
        (b'<data id="household">' + b"<a>" * 300 + b"</a>" * 300 + b"</data>", "no XML"),
        (b"<data>" + b" " * 9 * 2**20 + b"</data>", "bytes"),
    ],
    ids=range(10),
)
def test_what_is_no_submission_of_the_form_is_refused_with_the_reason(content, reason):
    with pytest.raises(XFormInvalid, match=reason):
        check(content, RULES)


def test_more_answers_than_any_survey_has_are_refused():
    with pytest.raises(XFormInvalid, match="20,003 answers; expected at most 20,000"):
        check(b'<data id="household">' + b"<age/>" * 20_002 + b"</data>", RULES)


STRANGE = """| survey |
| | type | name | label | relevant | constraint |
| | text | a | A | position('abc') > 1 | |
| | text | b | B | | int(./text()) > 1 |
| | text | c | C | indexed-repeat('x', 'y', 1) = 1 | |
| settings |
| | form_id | version |
| | f | 1 |
"""


def test_an_expression_that_is_given_something_else_than_it_can_work_with_is_taken_on_trust():
    rules = form_rules(convert_markdown(STRANGE).xform, zone=LIMA)
    content = written_submission(rules.form, {"a": "1", "b": "2", "c": "3"}, instance_id="uuid:1")
    assert check(content, rules).findings == ()


NAMES = sorted({row[1] for row in HOUSEHOLD["survey"][1:] if len(row) > 1})


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20)), max_size=12))
def test_no_answer_whatever_it_says_breaks_the_check(pairs):
    printable = [(name, "".join(c for c in text if c.isprintable())) for name, text in pairs]
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in printable)
    sent = f'<data id="household"><home>{inside}</home>{inside}</data>'.encode()

    checked = check(sent, RULES)

    assert {finding.breach for finding in checked.findings} <= set(Breach)


@pytest.mark.parametrize(
    "answers",
    [
        {"child": [], "children": "0", "oldest": "5"},
        {"child": [("Ana", "9" * 18)], "children": "1", "oldest": "5"},
        {"oldest": "0001-01-01T00:00:00+14:00"},
        {"oldest": "9999-12-31T23:59:59-14:00"},
    ],
    ids=str,
)
def test_a_calculation_that_is_no_number_or_no_day_is_a_finding_and_no_failure(answers):
    assert broken(**answers)["home/oldest"] == Breach.CALCULATION
