"""Limits of chance: exact, the same in the picture as in the verdict, and wide where there is little."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from quality.funnels import (
    ACTION,
    FEWEST_CASES,
    WARNING,
    Counted,
    Zone,
    funnel,
    judged,
    limits,
    tails,
    usual_share,
    zone_of,
)

CASES, SHARES = st.integers(1, 400), st.floats(0.01, 0.99)


@given(cases=CASES, share=SHARES, data=st.data())
def test_tails_are_those_of_the_binomial(cases, share, data):
    hits = data.draw(st.integers(0, cases))
    low, high = tails(cases, hits, share)
    assert low == pytest.approx(binom.cdf(hits, cases, share), abs=1e-9)
    assert high == pytest.approx(binom.sf(hits - 1, cases, share), abs=1e-9)


@given(cases=CASES, share=SHARES, data=st.data())
def test_who_lies_within_the_drawn_limits_is_judged_so(cases, share, data):
    hits = data.draw(st.integers(0, cases))
    pct = 100 * hits / cases
    (low,), (high,) = limits([cases], share, WARNING)
    (lowest,), (highest,) = limits([cases], share, ACTION)
    zone = zone_of(cases, hits, share)
    if low + 1e-6 < pct < high - 1e-6:
        assert zone == Zone.WITHIN
    if pct < lowest - 1e-6 or pct > highest + 1e-6:
        assert zone == Zone.BEYOND
    assert lowest <= low + 1e-6
    assert high <= highest + 1e-6


@given(share=SHARES, cases=st.integers(10, 300))
def test_chance_alone_hardly_ever_accuses(share, cases):
    accused = [hits for hits in range(cases + 1) if zone_of(cases, hits, share) == Zone.BEYOND]
    assert sum(binom.pmf(hits, cases, share) for hits in accused) <= ACTION + 1e-9


# share of everybody, cases, hits → zone. By hand: P(X ≥ 10 | 10, .5) = 1/1024 = .00098 < .001; P(X ≥ 9) = 11/1024.
@pytest.mark.parametrize(
    ("usual", "cases", "hits", "zone"),
    [
        (0.5, 10, 10, Zone.BEYOND),
        (0.5, 10, 9, Zone.RARE),
        (0.5, 10, 8, Zone.WITHIN),
        (0.5, 10, 0, Zone.BEYOND),
        (0.8, 20, 20, Zone.RARE),
        (0.8, 10, 10, Zone.WITHIN),
        (0.0, 50, 0, Zone.WITHIN),
        (1.0, 50, 50, Zone.WITHIN),
    ],
)
def test_zone_on_both_sides_of_each_limit(usual, cases, hits, zone):
    assert zone_of(cases, hits, usual) == zone


def test_who_has_few_cases_is_not_shown():
    people = [Counted("A", FEWEST_CASES - 1, 0), Counted("B", FEWEST_CASES, 0)]
    assert [one.counted.code for one in judged(people, 0.5)] == ["B"]


@given(people=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 500)), max_size=12))
def test_order_of_people_changes_nothing_and_the_picture_holds_all(people):
    counted = [Counted(f"P {place:02}", cases, min(hits, cases)) for place, (cases, hits) in enumerate(people)]
    usual = usual_share(counted)
    if usual is None:
        assert judged(counted, 0.0) == []
        return
    found = judged(counted, usual)
    assert found == judged(list(reversed(counted)), usual)
    chart = funnel(found, usual)
    if chart is not None:
        assert len(chart.dots) == len(found)
        assert all(chart.left <= dot.x <= chart.right and chart.top <= dot.y <= chart.bottom for dot in chart.dots)
        assert {dot.code for dot in chart.dots if dot.code} == {
            one.counted.code for one in found if one.zone == Zone.BEYOND
        }
        numbers = [float(word) for edge in (chart.band, *chart.edges) for word in edge.replace(",", " ").split()]
        assert all(math.isfinite(number) for number in numbers)


def test_nothing_is_drawn_of_what_all_do_or_nobody_does():
    people = judged([Counted("A", 40, 40)], 1.0)
    assert [(one.zone, one.low_pct, one.high_pct) for one in people] == [(Zone.WITHIN, 100, 100)]
    assert [one.zone for one in people] == [Zone.WITHIN]
    assert funnel(people, 1.0) is None
