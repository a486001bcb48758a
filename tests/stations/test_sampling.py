"""Drawing stations: reproducible, uniform, and each with the probability that is stated."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chisquare

from stations.sampling import CannotSample, pps_sample, simple_sample, stratified_sample
from stations.stream import Stream, shuffled

CODES = [f"{n:04d}" for n in range(405, 509)]
MEASURES = st.dictionaries(st.sampled_from(CODES), st.integers(0, 500), min_size=1, max_size=20)


@pytest.mark.requirement("F5")
def test_known_answer_that_any_implementation_must_give():
    # int(SHA-256("allocation:3:0"), 16) % 4 = 0 swaps a and d, and so on for blocks 1 (% 3) and 2 (% 2).
    assert shuffled(["a", "b", "c", "d"], seed="3", purpose="allocation") == ["b", "d", "c", "a"]


@given(st.integers(1, 1000), st.text(max_size=5))
def test_choice_lies_below_its_bound(bound, seed):
    assert 0 <= Stream(seed=seed, purpose="x").below(bound) < bound


def test_simple_sample_draws_each_station_equally_often():
    drawn = Counter(code for seed in range(3000) for code in simple_sample(CODES[:12], 4, seed=str(seed)).codes)
    assert chisquare([drawn[code] for code in CODES[:12]]).pvalue > 0.01
    assert set(simple_sample(CODES[:12], 4, seed="1").inclusion.values()) == {Fraction(1, 3)}


@pytest.mark.requirement("F7")
def test_stratified_sample_draws_each_stratum_by_itself():
    strata = {"north": CODES[:10], "south": CODES[10:14], "east": CODES[14:20]}
    sizes = {"north": 4, "south": 4}
    for seed in range(50):
        sample = stratified_sample(strata, sizes, seed=str(seed))
        assert len([code for code in sample.codes if code in strata["north"]]) == 4
        assert set(strata["south"]) <= set(sample.codes)
        assert set(sample.codes) & set(strata["east"]) == set()
    assert sample.inclusion[CODES[0]] == Fraction(2, 5)
    assert sample.inclusion[CODES[10]] == 1
    assert sample.inclusion[CODES[14]] == 0


@given(MEASURES, st.integers(1, 6), st.integers(0, 10**9))
def test_pps_sample_has_its_size_and_its_probabilities_add_up_to_it(measures, size, seed):
    if sum(measure > 0 for measure in measures.values()) < size:
        with pytest.raises(CannotSample):
            pps_sample(measures, size, seed=str(seed))
        return
    sample = pps_sample(measures, size, seed=str(seed))
    assert len(set(sample.codes)) == len(sample.codes) == size
    assert sum(sample.inclusion.values()) == size
    assert all(0 < sample.inclusion[code] <= 1 for code in sample.codes)
    assert set(sample.inclusion) == set(measures)
    assert all((sample.inclusion[code] == 0) == (measure == 0) for code, measure in measures.items())


def test_pps_probability_is_proportional_to_size_below_certainty():
    sample = pps_sample({"a": 10, "b": 20, "c": 30, "d": 40}, 2, seed="1")
    assert sample.inclusion == {"a": Fraction(1, 5), "b": Fraction(2, 5), "c": Fraction(3, 5), "d": Fraction(4, 5)}


@pytest.mark.parametrize(("largest", "probability"), [(49, Fraction(98, 99)), (50, Fraction(1)), (51, Fraction(1))])
def test_station_as_large_as_half_the_line_is_drawn_with_certainty_into_two(largest, probability):
    assert pps_sample({"a": largest, "b": 25, "c": 25}, 2, seed="1").inclusion["a"] == probability


def test_pps_sample_draws_as_often_as_it_states():
    sizes = {"a": 5, "b": 10, "c": 15, "d": 30, "e": 40}
    drawn = Counter(code for seed in range(4000) for code in pps_sample(sizes, 2, seed=str(seed)).codes)
    stated = pps_sample(sizes, 2, seed="0").inclusion
    for code in sizes:
        assert binomtest(drawn[code], 4000, float(stated[code])).pvalue > 0.005


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: simple_sample(CODES[:4], 5, seed="1"), "cannot draw 5 of 4 stations"),
        (lambda: stratified_sample({"x": CODES[:3]}, {"x": 4}, seed="1"), "stratum x: cannot draw 4 of 3 stations"),
        (lambda: stratified_sample({}, {"x": 1}, seed="1"), "stratum x: cannot draw 1 of 0 stations"),
        (lambda: pps_sample({"a": 1, "b": 0}, 2, seed="1"), "cannot draw 2 of 1 stations with a measure above 0"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, sentence):
    with pytest.raises(CannotSample, match=sentence):
        draw()
