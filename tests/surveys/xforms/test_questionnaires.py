"""The questionnaires that the project ships: they can be asked in both languages, and their answers can be scored."""

import re
from pathlib import Path

import pytest
from lxml import etree

from surveys.ipv_scores import ACTS, act_items, response_items, score_answers
from surveys.xforms.rules import form_rules
from surveys.xforms.submission import check_submission
from surveys.xforms.xlsform import convert_markdown
from tests.surveys.xforms.workbooks import LIMA, NOW

FOLDER = Path(__file__).resolve().parents[3] / "surveys" / "questionnaires"
FILES = sorted(FOLDER.glob("*.md"))
WITH_ACTS = [FOLDER / "baseline.md", FOLDER / "follow_up.md"]
# Spelling of one language in the other's column is the slip that a copy of a row makes.
SPANISH_ONLY = re.compile(r"[¿¡ñ]")


def shipped(file):
    return convert_markdown(file.read_text())


def filled(form, answers):
    """A submission with these answers at their places, the rest left out."""
    root = etree.Element(form.root, id=form.form_id, version=form.version)
    for question in form.questions:
        if question.name in answers:
            place = root
            for step in question.path.split("/")[2:]:
                found = place.find(step)
                place = etree.SubElement(place, step) if found is None else found
            place.text = answers[question.name]
    return etree.tostring(root)


def checked(file, answers):
    form = shipped(file).xform
    found = check_submission(filled(form, answers), form_rules(form, zone=LIMA), zone=LIMA, now=NOW)
    return found, {finding.place.rpartition("/")[2] for finding in found.findings}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_form_is_whole_in_both_languages_and_all_its_rules_run(file):
    made = shipped(file)

    assert made.warnings == ()
    assert made.xform.form_id == file.stem
    assert made.xform.languages == ("Español (es)", "English (en)")
    assert form_rules(made.xform, zone=LIMA).unusable == ()
    for where, words in made.xform.labels.items():
        assert words.keys() == {"Español (es)", "English (en)"}, where
        assert all(text and text != "-" for text in words.values()), where
        assert not SPANISH_ONLY.search(words["English (en)"]), where


@pytest.mark.parametrize("file", WITH_ACTS, ids=lambda file: file.stem)
def test_form_asks_each_act_and_each_item_that_is_scored(file):
    names = {question.name for question in shipped(file).xform.questions}

    acts = {f"{item}_{part}" for domain in ACTS for item in act_items(domain) for part in ("ever", "period")}
    assert names >= acts | set(response_items()) | {"privacy", "agreement", "support", "child_danger"}


ASKED = {"reference_period": "last_12_months", "privacy": "yes", "agreement": "yes", "still_private_1": "yes"}
NOTHING = {f"{item}_ever": "no" for domain in ("psychological", "physical", "sexual") for item in act_items(domain)}
REST = {**dict.fromkeys(response_items(), "4"), "support": "declined", "child_danger": "no"}


def test_nothing_happened_is_a_whole_interview_without_a_question_on_injuries():
    found, broken = checked(FOLDER / "follow_up.md", {**ASKED, **NOTHING, **REST})

    assert broken == set()
    scores = score_answers(found.answers)
    assert [scores[domain] for domain in ACTS] == [0, 0, 0, 0]
    assert scores["police_response"] == 4.0


def test_an_act_asks_how_often_and_for_injuries():
    told = {**ASKED, **NOTHING, **REST, "physical_2_ever": "yes"}
    _found, broken = checked(FOLDER / "follow_up.md", told)

    assert broken == {"physical_2_period", "injury_1_ever", "injury_2_ever", "injury_3_ever"}

    whole = {**told, "physical_2_period": "sometimes", **{f"{item}_ever": "no" for item in act_items("injury")}}
    found, broken = checked(FOLDER / "follow_up.md", whole)
    assert broken == set()
    assert score_answers(found.answers)["physical"] == 1


def test_without_privacy_nothing_else_is_asked():
    found, broken = checked(FOLDER / "follow_up.md", {"reference_period": "last_12_months", "privacy": "no"})

    assert broken == set()
    assert found.answers.keys() == {"reference_period", "privacy"}


def test_privacy_lost_midway_ends_the_hard_questions_and_keeps_what_was_told():
    psychological_and_physical = {name: answer for name, answer in NOTHING.items() if not name.startswith("sexual")}
    told = {**ASKED, "still_private_1": "no", **psychological_and_physical, "support": "accepted", "child_danger": "no"}
    found, broken = checked(FOLDER / "follow_up.md", told)

    assert broken == set()
    scores = score_answers(found.answers)
    assert (scores["physical"], scores["sexual"]) == (0, None)


@pytest.mark.parametrize(
    ("answers", "broken"),
    [
        ({"age": "18", "years_together": "0"}, set()),
        ({"age": "17", "years_together": "0"}, {"age"}),
        ({"age": "20", "years_together": "20"}, {"years_together"}),
        ({"age": "20", "years_together": "19"}, set()),
    ],
)
def test_the_baseline_checks_ages(answers, broken):
    _found, places = checked(FOLDER / "baseline.md", {**ASKED, **answers})

    assert places & {"age", "years_together"} == broken
