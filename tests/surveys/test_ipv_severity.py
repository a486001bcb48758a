"""Severity, chronicity and the DHS's combinations: by tables, and against the published rule where all is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ipv_scores import (
    ACTS,
    COMBINATIONS,
    ActCode,
    act_answers,
    act_items,
    chronicity,
    combined,
    response_items,
    score_answers,
    severity,
)
from surveys.score_arrays import score_table

NO, OFTEN, SOME, BEFORE, UNTOLD = ActCode
LESS, MORE = [SOME, NO, NO, NO], [NO, NO, NO, NO]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [  # physical: acts 1–4 are less severe, 5–7 severe (DHS d106, d107)
        ([*MORE, NO, NO, NO], 0),
        ([*LESS, NO, NO, NO], 1),
        ([*LESS, BEFORE, NO, NO], 1),
        ([*MORE, SOME, NO, NO], 2),
        ([*MORE, NO, OFTEN, None], 2),
        ([*LESS, NO, NO, None], None),
        ([*LESS, NO, NO, UNTOLD], None),
        ([None, NO, NO, NO, NO, NO, NO], None),
        ([None, SOME, NO, NO, NO, NO, NO], 1),
    ],
)
def test_severity_is_that_of_the_worst_act_in_the_period(codes, expected):
    assert severity("physical", codes) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([NO, NO, NO], None), ([BEFORE, NO, NO], None), ([OFTEN, SOME, NO], 3), ([OFTEN, None, NO], None)],
)
def test_chronicity_is_of_those_with_any_act_in_the_period(codes, expected):
    assert chronicity(codes) == expected


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("any", [0, 0], 0), ("any", [0, 1], 1), ("any", [None, 1], 1), ("any", [None, 0], None),
        ("all", [1, 1], 1), ("all", [0, 1], 0), ("all", [None, 0], 0), ("all", [None, 1], None),
    ],
)  # fmt: skip
def test_combination_is_open_only_where_what_is_not_known_decides(rule, values, expected):
    assert combined(rule, values) == expected


def answers_of(codes):
    found = {}
    for domain, own in codes.items():
        for item, code in zip(act_items(domain), own, strict=True):
            found |= act_answers(item, code) if code is not None else {f"{item}_ever": "refused"}
    return found


def coded(known_only):
    values = (NO, OFTEN, SOME, BEFORE) if known_only else (NO, OFTEN, SOME, BEFORE, UNTOLD, None)
    return st.fixed_dictionaries(
        {domain: st.lists(st.sampled_from(values), min_size=acts, max_size=acts) for domain, acts in ACTS.items()}
    )


def as_published(codes, *, in_period):
    """DHS-Indicators, chapter 17: an act counts with 1 or 2 in the last 12 months, with 1 to 3 ever."""
    counted = (1, 2) if in_period else (1, 2, 3)
    return {domain: int(any(code in counted for code in own)) for domain, own in codes.items()}


@given(coded(known_only=True))
def test_scores_agree_with_the_published_rule_where_every_act_is_known(codes):
    scores = score_answers(answers_of(codes))
    if all(code == NO for domain in ("physical", "sexual") for code in codes[domain]):
        codes["injury"] = [NO, NO, NO]
    for suffix, in_period in (("", True), ("_ever", False)):
        published = as_published(codes, in_period=in_period)
        assert {domain: scores[domain + suffix] for domain in ACTS} == published
        for name, (rule, domains) in COMBINATIONS.items():
            test = any if rule == "any" else all
            assert scores[name + suffix] == int(test(published[domain] for domain in domains))


@given(coded(known_only=False))
def test_outcomes_keep_their_order(codes):
    scores = score_answers(answers_of(codes))
    for domain, acts in ACTS.items():
        now, past = scores[domain], scores[f"{domain}_ever"]
        how_bad, times, chronic = (scores[f"{domain}_{what}"] for what in ("severity", "score", "chronicity"))
        assert now is None or past is None or now <= past
        assert how_bad is None or (how_bad > 0) == (now == 1)
        assert times is None or 0 <= times <= 2 * acts
        assert chronic is None or (chronic == times and now == 1 and chronic > 0)


points = st.lists(st.sampled_from((*"12345", "not_applicable")), min_size=12, max_size=12)


@given(st.lists(st.tuples(coded(known_only=False), points), max_size=6))
def test_many_at_once_are_scored_as_one_by_one(rows):
    answers = [answers_of(codes) | dict(zip(response_items(), own, strict=True)) for codes, own in rows]
    table = score_table(answers)
    for number, row in enumerate(answers):
        for name, value in score_answers(row).items():
            found = table[name][number]
            assert (None if np.isnan(found) else found) == (value if value is None else pytest.approx(value)), name
