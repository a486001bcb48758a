"""Outcomes from answers, by tables of codes (domain.md, section 3: DHS-8 structure)."""

import pytest

from surveys.ipv_scores import (
    ACTS,
    COMBINATIONS,
    ActCode,
    act_answers,
    act_code,
    act_items,
    ever,
    prevalence,
    response_items,
    response_mean,
    score,
    score_answers,
)
from surveys.score_arrays import score_table

NO, OFTEN, SOME, BEFORE, UNTOLD = ActCode


@pytest.mark.parametrize(
    ("codes", "in_period", "was_ever", "points"),
    [
        ([NO, NO, NO], 0, 0, 0),
        ([OFTEN, NO, NO], 1, 1, 2),
        ([NO, SOME, NO], 1, 1, 1),
        ([OFTEN, OFTEN, OFTEN], 1, 1, 6),
        ([BEFORE, NO, NO], 0, 1, 0),  # before the period, not in it
        ([BEFORE, SOME, BEFORE], 1, 1, 1),
        ([None, NO, NO], None, None, None),  # blank is not "no"
        ([None, SOME, NO], 1, 1, None),  # one act is enough for prevalence, not for the score
        ([None, BEFORE, NO], None, 1, None),
        ([UNTOLD, NO, NO], None, 1, None),  # it happened, when she did not say
        ([UNTOLD, OFTEN, NO], 1, 1, None),
        ([None, None, None], None, None, None),
    ],
)
def test_domain_by_codes(codes, in_period, was_ever, points):
    assert (prevalence(codes), ever(codes), score(codes)) == (in_period, was_ever, points)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"physical_1_ever": "no"}, NO),
        ({"physical_1_ever": "no", "physical_1_period": "often"}, NO),
        ({"physical_1_ever": "yes", "physical_1_period": "often"}, OFTEN),
        ({"physical_1_ever": "yes", "physical_1_period": "sometimes"}, SOME),
        ({"physical_1_ever": "yes", "physical_1_period": "not"}, BEFORE),
        ({"physical_1_ever": "yes", "physical_1_period": "refused"}, UNTOLD),
        ({"physical_1_ever": "yes"}, UNTOLD),
        ({"physical_1_ever": "refused"}, None),
        ({}, None),
    ],
)
def test_act_code_from_its_two_answers(answers, code):
    assert act_code(answers, "physical_1") == code


@pytest.mark.parametrize("code", list(ActCode))
def test_act_code_round_trips(code):
    assert act_code(act_answers("sexual_2", code), "sexual_2") == code


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([5] * 12, 5.0),
        ([1] * 12, 1.0),
        ([4] * 9 + [None] * 3, 4.0),
        ([4] * 8 + [None] * 4, None),
        ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 5], 3.0),
    ],
)
def test_response_mean_needs_nine_of_twelve(values, mean):
    assert response_mean(values) == mean


def all_acts(code):
    return {
        key: value for domain in ACTS for item in act_items(domain) for key, value in act_answers(item, code).items()
    }


def test_survey_without_any_act_has_no_injuries_though_they_were_not_asked():
    answers = {k: v for k, v in all_acts(NO).items() if not k.startswith("injury")}
    scores = score_answers(answers | dict.fromkeys(response_items(), "4"))
    zero = [f"{domain}{what}" for domain in ACTS for what in ("", "_ever", "_score", "_severity")]
    combined = [f"{name}{what}" for name in COMBINATIONS for what in ("", "_ever")]
    none = dict.fromkeys(f"{domain}_chronicity" for domain in ACTS)
    assert scores == {**dict.fromkeys((*zero, *combined), 0), **none, "police_response": 4.0}


def test_survey_with_every_act_often_scores_the_maximum():
    scores = score_answers(all_acts(OFTEN))
    assert [scores[f"{domain}_score"] for domain in ACTS] == [6, 14, 6, 6]
    assert scores["police_response"] is None


def test_injuries_unanswered_after_violence_stay_unknown():
    answers = {k: v for k, v in all_acts(BEFORE).items() if not k.startswith("injury")}
    scores = score_answers(answers)
    assert (scores["injury"], scores["injury_ever"], scores["injury_score"]) == (None, None, None)


@pytest.mark.parametrize("sent", ["9", "0", "²", "٣", "44", "-1", "5 "])
def test_points_that_nobody_can_choose_are_not_counted(sent):
    answers = dict.fromkeys(response_items(), "4") | {"response_3": sent}
    assert score_answers(answers)["police_response"] == 4.0
    assert score_table([answers])["police_response"].tolist() == [4.0]


def test_response_answers_that_do_not_apply_are_not_counted():
    answers = dict.fromkeys(response_items(), "5") | {"response_11": "not_applicable"}
    assert score_answers(answers)["police_response"] == 5.0
