"""Instruments as data: the shipped one, its relevance and privacy rules, and files that are wrong."""

import json
from pathlib import Path

import pytest

from surveys.instrument_file import InstrumentInvalid, check_answers, parse_instrument
from surveys.ipv_scores import ACTS, act_items, response_items

SHIPPED = Path("surveys/instruments/ipv_follow_up.json")


@pytest.fixture(scope="module")
def instrument():
    return parse_instrument(SHIPPED.read_text(), name=SHIPPED.name)


def answers(instrument, value="no"):
    """A whole survey: alone, agreed, every act the same, content with the police."""
    found = {}
    for field in instrument.fields():
        if field.part in ("ever", "period"):
            found[field.code] = value if field.part == "ever" else "sometimes"
        else:
            found[field.code] = {"support": "declined"}.get(
                field.code, "yes" if field.code in ("privacy", "agreement") else "4"
            )
    return {code: found[code] for code in found}


def test_shipped_instrument_asks_for_what_is_scored(instrument):
    codes = {question.code for section in instrument.sections for question in section.questions}
    scored = {item for domain in ACTS for item in act_items(domain)} | set(response_items())
    assert scored <= codes
    assert codes - scored == {"privacy", "agreement", "support"}


def test_privacy_comes_first_and_stops_everything(instrument):
    checked = check_answers(instrument, answers(instrument) | {"privacy": "no"})
    assert (checked.answers, checked.problems, checked.stopped) == ({"privacy": "no"}, {}, "not_private")


def test_she_may_decline(instrument):
    checked = check_answers(instrument, {"privacy": "yes", "agreement": "no"})
    assert (checked.problems, checked.stopped) == ({}, "refused")


def test_whole_survey_without_violence_asks_neither_periods_nor_injuries(instrument):
    checked = check_answers(instrument, answers(instrument))
    assert checked.problems == {}
    assert not [code for code in checked.answers if code.endswith("_period") or code.startswith("injury")]
    assert len(checked.answers) == 2 + 13 + 12 + 1


def test_yes_asks_for_the_period_and_for_injuries(instrument):
    given = answers(instrument) | {"physical_3_ever": "yes", "physical_3_period": ""}
    given |= {code: "" for code in given if code.startswith("injury")}
    checked = check_answers(instrument, given)
    assert checked.problems == {
        "physical_3_period": "missing",
        "injury_1_ever": "missing",
        "injury_2_ever": "missing",
        "injury_3_ever": "missing",
    }


def test_answer_that_is_no_choice_is_named(instrument):
    checked = check_answers(instrument, answers(instrument) | {"response_2": "9"})
    assert checked.problems == {"response_2": "unknown_choice"}


def changed(change):
    content = json.loads(SHIPPED.read_text())
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", r"^f\.json, line 1: not JSON: "),
        ("[]", r"^f\.json: Input should be "),
        (changed(lambda c: c.pop("version")), r"^f\.json, version: Field required$"),
        (changed(lambda c: c.update(colour="red")), r"^f\.json, colour: Extra inputs are not permitted$"),
        (changed(lambda c: c["sections"][0]["title"].pop("en")), r"^f\.json, sections\.0\.title\.en: Field required$"),
        (
            changed(lambda c: c["sections"][0]["questions"][0].update(choices="colours")),
            r"^f\.json: choices: no list colours$",
        ),
        (
            changed(lambda c: c["sections"][1]["questions"][1].update(code="psychological_1")),
            r"^f\.json: question psychological_1: the code psychological_1_ever stands twice$",
        ),
        (
            changed(lambda c: c["sections"][4].update(relevant={"any": ["physical_9_ever=yes"]})),
            r'^f\.json: question injury_1: "physical_9_ever=yes" is no answer asked for before it$',
        ),
        (
            changed(lambda c: c["sections"][4].update(relevant={"any": ["physical_1_ever>yes"]})),
            r'^f\.json, sections\.4\.relevant: a condition must read "field=value", not "physical_1_ever>yes"$',
        ),
        (
            changed(lambda c: c["sections"][0]["questions"][0].update(stops={"maybe": "refused"})),
            r"^f\.json: question privacy: stops on maybe, which is no choice of it$",
        ),
    ],
)
def test_file_that_is_wrong_gets_one_sentence(text, sentence):
    with pytest.raises(InstrumentInvalid, match=sentence):
        parse_instrument(text, name="f.json")
