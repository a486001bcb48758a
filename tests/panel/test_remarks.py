"""Remarks: every code has its sentence in both languages, with the same values in it."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.estimation_file import DataInvalid
from panel.estimators.clustered import DesignInvalid
from panel.estimators.remarks import ENGLISH, Remark, remark
from panel.reports.remarks import SPANISH, said
from tests.architecture.code import app_files, called_name, parsed

PLACE = re.compile(r"%\((\w+)\)s")


def values_of(sentence: str) -> set[str]:
    return set(PLACE.findall(sentence))


def test_both_languages_say_the_same_codes_with_the_same_values():
    assert {code: values_of(text) for code, text in SPANISH.items()} == {
        code: values_of(text) for code, text in ENGLISH.items()
    }


def test_every_remark_of_the_code_has_its_sentence_and_gives_its_values():
    """Codes and values are literals where remarks are made, so that this sees all of them."""
    made = [
        node
        for file in app_files()
        if "panel" in file.parts
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and called_name(node) == "remark" and isinstance(node.args[0], ast.Constant)
    ]
    assert len(made) >= 40
    wrong = [
        node.args[0].value
        for node in made
        if values_of(ENGLISH[node.args[0].value]) != {word.arg for word in node.keywords}
    ]
    assert wrong == []


@given(
    st.sampled_from(sorted(ENGLISH)), st.text(alphabet="abcxyz%(){}é", min_size=1, max_size=8), st.integers(0, 10**7)
)
def test_values_stand_in_either_language_as_they_are(code, text, count):
    names = sorted(values_of(ENGLISH[code]))
    own = Remark(code, {name: count if place % 2 else text for place, name in enumerate(names)})
    for language in ("es", "en"):
        sentence = said(own, language)
        assert [name for name, value in own.values.items()
                if (f"{value:,}" if isinstance(value, int) else value) not in sentence] == []  # fmt: skip


def test_remark_within_a_remark_is_said_in_its_language():
    why = remark("ri_not_computed", why=remark("unit_in_clusters"))
    assert said(why, "es") == "aleatorización: no se calculó; una mujer está en más de una estación"
    assert why.english == "ri: not computed; a unit lies in more than one cluster"
    assert why.as_json() == {
        "code": "ri_not_computed", "values": {"why": {"code": "unit_in_clusters", "values": {}}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DesignInvalid(remark("collinear", name="c", others="a, b")), "c: collinear with a, b"),
        (DataInvalid(remark("no_row")), "no row is left to estimate on"),
        (DataInvalid("panel.csv: no rows"), "panel.csv: no rows"),
    ],
)
def test_error_says_its_remark_in_english(error, sentence):
    assert (str(error), error.remark.english) == (sentence, sentence)
