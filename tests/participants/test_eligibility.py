"""The protocol's conditions on tables; which outcome each set of answers comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.eligibility import Finding, Outcome, ScreeningAnswers, find, unanswered

RULES = ("adult", "partner", "lives_in_area", "safe_to_approach", "one_per_household")
ALL = dict.fromkeys(RULES[1:], True)


def answers(age=34, refusal="", **rules):
    return ScreeningAnswers(reached=True, knows_arm=False, age=age, rules=ALL | rules, refusal=refusal)


@pytest.mark.parametrize(
    ("given_answers", "finding"),
    [
        (answers(), Finding(Outcome.ELIGIBLE)),
        (answers(age=18), Finding(Outcome.ELIGIBLE)),
        (answers(age=17), Finding(Outcome.NOT_ELIGIBLE, ("adult",))),
        (answers(partner=False), Finding(Outcome.NOT_ELIGIBLE, ("partner",))),
        (answers(age=17, safe_to_approach=False), Finding(Outcome.NOT_ELIGIBLE, ("adult", "safe_to_approach"))),
        (answers(refusal="afraid"), Finding(Outcome.REFUSED, refusal="afraid")),
        # Who cannot take part is no refusal, whatever she said.
        (answers(lives_in_area=False, refusal="time"), Finding(Outcome.NOT_ELIGIBLE, ("lives_in_area",))),
        (ScreeningAnswers(reached=False, knows_arm=True), Finding(Outcome.UNREACHABLE)),
    ],
)
def test_outcome_of_a_screening(given_answers, finding):
    assert find(given_answers, rules=RULES, min_age=18) == finding


def test_blank_is_neither_yes_nor_no():
    partly = ScreeningAnswers(reached=True, knows_arm=False, rules={"partner": False})

    assert unanswered(partly, rules=RULES) == ["adult", "lives_in_area", "safe_to_approach", "one_per_household"]
    assert unanswered(answers(), rules=RULES) == []
    assert unanswered(ScreeningAnswers(reached=False, knows_arm=False), rules=RULES) == []


@given(st.integers(0, 110), st.fixed_dictionaries({rule: st.booleans() for rule in ALL}), st.sampled_from(["", "time"]))
def test_she_is_eligible_exactly_when_no_rule_speaks_against_her(age, rules, refusal):
    finding = find(answers(age=age, refusal=refusal, **rules), rules=RULES, min_age=18)

    against = [rule for rule in RULES if not (age >= 18 if rule == "adult" else rules[rule])]
    assert list(finding.reasons) == against
    assert (finding.outcome == Outcome.NOT_ELIGIBLE) == bool(against)
    assert (finding.outcome == Outcome.REFUSED) == (not against and refusal != "")
