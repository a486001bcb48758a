"""What an expression of a form comes to: XPath 1.0 as forms extend it (ODK XForms specification, section 8)."""

import math
import re

import pytest
from lxml import etree

from surveys.xforms import functions
from surveys.xforms.dates import days_of, format_moment
from surveys.xforms.expressions import ExpressionInvalid, Place, compiled, rewritten
from tests.surveys.xforms.workbooks import LIMA

KNOWN = functions.functions_in(LIMA)
DATA = etree.fromstring(
    "<data><age>34</age><many>a b c</many><blank/><day said='2026-11-18'>20775.0</day>"
    "<kid><n>Lucho</n><y>9</y></kid><kid><n>Ana</n><y>4</y></kid></data>"
)


def value(expression, here="age", place=None):
    text = rewritten(expression, place or Place(f"/data/{here}"), renamed=functions.names_for(KNOWN))
    node = DATA.find(here)
    found = compiled(text, functions.as_extensions(KNOWN))(node, root=[DATA], here=[node], today=20775.0, now=20775.5)
    return [part.text for part in found] if isinstance(found, list) else found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (". >= 18 and . <= 110", True),
        ("/data/blank >= 0", False),
        ("selected(/data/many, 'b')", True),
        ("selected(/data/many, 'd')", False),
        ("selected(/data/blank, '')", False),
        ("count-selected(/data/many)", 3.0),
        ("selected-at(/data/many, 1)", "b"),
        ("selected-at(/data/many, 9)", ""),
        ("if(. > 18, 'old', 'young')", "old"),
        ("coalesce(/data/blank, .)", ["34"]),
        ("concat('x', /data/kid/n, '!')", "xLuchoAna!"),
        ("join(', ', /data/kid/n)", "Lucho, Ana"),
        ("substr('abcdef', 1, 3)", "bc"),
        ("string-length('año')", 3.0),
        ("string-length(.)", 2.0),
        ("regex('41234567', '^[0-9]{8}$')", True),
        ("regex('4123', '^[0-9]{8}$')", False),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(2.346, 2)", 2.35),
        ("int(7.9)", 7.0),
        ("int(-7.9)", -7.0),
        ("pow(2, 10)", 1024.0),
        ("sqrt(2) > 1.41", True),
        ("min(3, 1, 2)", 1.0),
        ("max(/data/kid/y)", 9.0),
        ("sum(/data/kid/y)", 13.0),
        ("count(/data/kid)", 2.0),
        ("count-non-empty(/data/blank | /data/age)", 1.0),
        ("indexed-repeat(/data/kid/n, /data/kid, 2)", ["Ana"]),
        ("checklist(1, 2, true(), false(), 'true')", True),
        ("weighted-checklist(3, 4, true(), 2, true(), 3)", False),
        ("boolean-from-string('1')", True),
        ("/data/day = today()", True),
        ("/data/day <= today() - 1", False),
        ("/data/day > date('2026-11-17')", True),
        ("format-date(/data/day, '%d/%m/%Y')", "18/11/2026"),
        ("concat('el ', /data/day)", "el 2026-11-18"),
        ("decimal-date-time('1970-01-02')", 1.0),
        ("decimal-time('06:00')", 0.25),
        ("int((today() - date('1992-11-17')) div 365.25)", 34.0),
        ("'/data/age is no path here'", "/data/age is no path here"),
        ("'today() neither'", "today() neither"),
        ("current()/../many", ["a b c"]),
        ("/data/kid[position() = 2]/n", ["Ana"]),
        ("position(/data/kid[2])", 2.0),
        ("not(/data/blank != '')", True),
        ("10 div 4 * 2", 5.0),
        ("7 mod 3", 1.0),
    ],
)
def test_expression_has_the_value_that_the_specification_gives(expression, expected):
    assert value(expression) == expected


@pytest.mark.parametrize("expression", ["log(-1)", "sqrt(-1)", "pow(10, 400)", "max(/data/blank)", "number('x')"])
def test_what_has_no_answer_is_no_number(expression):
    assert math.isnan(value(expression))


def test_a_path_into_the_repeat_around_a_question_means_that_repeat():
    place = Place("/data/kid/y", ("/data/kid",))
    text = rewritten("/data/kid/n != '' and count(/data/kid) > 1 and /data/age > .", place, renamed={})

    assert text == "$here/../n != '' and count($root/kid) > 1 and $root/age > ."


@pytest.mark.parametrize("expression", ["(", "1 +", "selected(.", "a b", "]", "''' "])
def test_what_cannot_be_read_says_so(expression):
    with pytest.raises(ExpressionInvalid):
        compiled(rewritten(expression, Place("/data/age"), renamed={}), {})


def test_an_endless_expression_is_refused():
    with pytest.raises(ExpressionInvalid, match=re.escape("expected at most 8000")):
        rewritten("1+" * 5000, Place("/data/age"), renamed={})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1970-01-01", 0.0),
        ("1969-12-31", -1.0),
        ("2026-11-18", 20775.0),
        ("2026-11-18T00:00:00-05:00", 20775.0),
        ("2026-11-18T05:00:00Z", 20775.0),
        ("2026-11-18T12:00:00", 20775.5),
    ],
)
def test_days_count_from_1970_on_the_clock_of_lima(text, days):
    assert days_of(text, LIMA) == days


@pytest.mark.parametrize("text", ["", "hoy", "2026-13-01", "18/11/2026", "20261118", "2026-11-18Tnoon"])
def test_what_is_no_day_is_no_number(text):
    assert math.isnan(days_of(text, LIMA))


def test_every_letter_of_a_pattern():
    assert format_moment(20775.5625, "%Y %y %m %n %b %d %e %H %h %M %S %% %q") == (
        "2026 26 11 11 Nov 18 18 13 13 30 00 % %q"
    )
