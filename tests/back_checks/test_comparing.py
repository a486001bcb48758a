"""Answers beside each other, and shares with their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from back_checks.comparing import Verdict, differs, interval, verdict


@pytest.mark.parametrize(
    ("first", "again", "within", "expected"),
    [
        ("34", "34", 0, False), ("34", "35", 0, True), ("34", "35", 1, False), ("34", "32", 1, True),
        ("primary", "primary", 0, False), ("primary", "secondary", 0, True), ("primary", "3", 5, True),
        ("9" * 5000, "9" * 5000, 0, False), ("9" * 5000, "34", 1, True),
        ("", "34", 1, None), ("34", "", 1, None), ("", "", 0, None),
    ],
)  # fmt: skip
def test_two_answers(first, again, within, expected):
    assert differs(first, again, within=within) is expected


# Wilson's interval as statsmodels.stats.proportion.proportion_confint(hits, cases, method="wilson") gives it.
@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [(0, 10, 0.0, 27.75), (1, 10, 1.79, 40.42), (5, 10, 23.66, 76.34), (10, 10, 72.25, 100.0), (20, 100, 13.34, 28.88)],
)
def test_interval_is_wilsons(hits, cases, low, high):
    assert interval(hits, cases) == pytest.approx((low, high), abs=0.01)


@given(cases=st.integers(1, 500), data=st.data())
def test_interval_holds_the_share_and_lies_between_nothing_and_all(cases, data):
    hits = data.draw(st.integers(0, cases))
    low, high = interval(hits, cases)
    assert 0 <= low <= 100 * hits / cases + 1e-9
    assert 100 * hits / cases - 1e-9 <= high <= 100


@pytest.mark.parametrize(
    ("hits", "cases", "expected"),
    [
        (0, 0, Verdict.TOO_FEW), (1, 1, Verdict.TOO_FEW), (9, 9, Verdict.TOO_FEW), (10, 10, Verdict.BEYOND),
        (0, 34, Verdict.TOO_FEW), (0, 35, Verdict.WITHIN), (7, 40, Verdict.TOO_FEW), (8, 40, Verdict.BEYOND),
    ],
)  # fmt: skip
def test_few_answers_say_nothing(hits, cases, expected):
    assert verdict(hits, cases, allowed_pct=10) == expected
