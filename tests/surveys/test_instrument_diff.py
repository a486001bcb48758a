"""What two versions ask differently, and what it means for the data."""

import copy
import json

import pytest

from surveys.instrument_diff import Change, Meaning, differences, outcomes_of
from surveys.instrument_source import read_instrument
from surveys.services import SHIPPED

READ = read_instrument((SHIPPED / "follow_up.md").read_bytes(), name="follow_up.md").content
# As the database gives it back.
BEFORE = json.loads(json.dumps(READ))


def after(change):
    content = copy.deepcopy(BEFORE)
    change({question["name"]: question for question in content["questions"]}, content["questions"])
    return content


def told(change):
    return [(d.name, d.change, d.meaning, d.outcomes) for d in differences(BEFORE, after(change))]


def drop(name):
    return lambda by_name, questions: questions.remove(by_name[name])


def set_label(by_name, _questions):
    by_name["response_1"]["label"]["English (en)"] = "Something else"


def add_question(by_name, questions):
    questions.append({**copy.deepcopy(by_name["response_1"]), "name": "response_13"})


def change_type(by_name, _questions):
    by_name["support"].update(kind="input", type="int", choices=[])


def add_choice(by_name, _questions):
    by_name["support"]["choices"].append({"code": "later", "label": {"English (en)": "Later"}})


def drop_choice(by_name, _questions):
    by_name["support"]["choices"].pop()


def word_choice(by_name, _questions):
    by_name["support"]["choices"][0]["label"] = {"English (en)": "Of course"}


def change_rule(by_name, _questions):
    by_name["support"]["rules"] = {"relevant": "false()"}


def word_note(by_name, _questions):
    by_name["thanks"]["label"] = {"English (en)": "Thanks"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda *_: None, []),
        (add_question, [("response_13", Change.ADDED, Meaning.COMES, ())]),
        (drop("physical_2_ever"), [("physical_2_ever", Change.DROPPED, Meaning.GOES, ("physical",))]),
        (set_label, [("response_1", Change.RELABELLED, Meaning.MAY_MEAN_ELSE, ("police_response",))]),
        (change_type, [
            ("support", Change.TYPE, Meaning.MEANS_ELSE, ()),
            ("support", Change.CHOICES_DROPPED, Meaning.VALUES_GO, ()),
        ]),
        (add_choice, [("support", Change.CHOICES_ADDED, Meaning.VALUES_COME, ())]),
        (drop_choice, [("support", Change.CHOICES_DROPPED, Meaning.VALUES_GO, ())]),
        (word_choice, [("support", Change.CHOICES_RELABELLED, Meaning.MAY_MEAN_ELSE, ())]),
        (change_rule, [("support", Change.RULES, Meaning.ASKED_OF_OTHERS, ())]),
        (word_note, [("thanks", Change.RELABELLED, Meaning.NONE, ())]),
    ],
)  # fmt: skip
def test_each_change_is_named_with_what_it_means(change, expected):
    assert told(change) == expected


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [("sexual_3_period", ("sexual",)), ("response_12", ("police_response",)), ("response_13", ()), ("support", ()),
     ("cts2_injury_6", ("cts2_injury",))],
)  # fmt: skip
def test_outcomes_that_hang_on_an_answer(name, outcomes):
    assert outcomes_of(name) == outcomes
