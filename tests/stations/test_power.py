"""What the trial can show: the published figures, and how they move with each supposition."""

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stations.power import (
    Comparison,
    Trial,
    degrees_of_freedom,
    design_effect,
    detectable_effect,
    in_deviations,
    in_points,
    power_of,
    smallest_reachable,
)

LIMA = Trial(stations_per_arm=4, women=100, icc=0.02)

trials = st.builds(
    Trial,
    stations_per_arm=st.integers(2, 60),
    women=st.integers(20, 2000),
    icc=st.floats(0.001, 0.5),
    attrition=st.floats(0, 0.9),
    size_variation=st.floats(0, 2),
    explained=st.floats(0, 0.9),
    alpha=st.sampled_from([0.01, 0.05, 0.1]),
    power=st.sampled_from([0.7, 0.8, 0.9]),
)
comparisons = st.sampled_from(Comparison)


# domain.md §5: 100 women a cluster, α .05, power .80, ICC .02.
@pytest.mark.parametrize(
    ("comparison", "freedom", "deviations", "points"),
    [
        (Comparison.MAIN, 13, 0.262, 13.1),
        (Comparison.PAIRWISE, 6, 0.409, 20.5),
        (Comparison.INTERACTION, 12, 0.527, 26.3),
    ],
)
def test_trial_detects_what_its_protocol_says(comparison, freedom, deviations, points):
    assert degrees_of_freedom(LIMA, comparison) == freedom
    assert round(detectable_effect(LIMA, comparison), 3) == deviations
    assert round(in_points(detectable_effect(LIMA, comparison), 0.5), 1) == points


def test_published_power_of_two_arms_of_sixteen():
    # domain.md §5: 16 clusters an arm, 10 each, d 1, ICC .1, total variance 5.
    trial = Trial(stations_per_arm=16, women=10, icc=0.1)
    assert round(power_of(trial, Comparison.PAIRWISE, 1 / sqrt(5)), 4) == 0.8018


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 2.98),
        ({"icc": 0}, 1),
        ({"icc": 1}, 100),
        ({"women": 1}, 1),
        ({"women": 1, "size_variation": 1}, 1.02),
        ({"size_variation": 0.5}, 3.48),
        ({"attrition": 0.2}, 2.58),
        ({"attrition": 0.2, "size_variation": 0.5}, 2.98),
    ],
)
def test_design_effect(changed, expected):
    assert design_effect(replace(LIMA, **changed)) == pytest.approx(expected)


# Computed apart, from t quantiles and the variance of a station's mean written as (1 − ICC)/m + (cv² + 1) ICC.
@pytest.mark.parametrize(
    ("changed", "main", "pairwise"),
    [
        ({"icc": 0.005}, 0.185, 0.290),
        ({"icc": 0.1}, 0.500, 0.783),
        ({"women": 25}, 0.369, 0.577),
        ({"attrition": 0.2}, 0.272, 0.426),
        ({"size_variation": 0.5}, 0.283, 0.442),
        ({"explained": 0.36}, 0.209, 0.327),
        ({"alpha": 0.1}, 0.228, 0.348),
        ({"power": 0.9}, 0.303, 0.474),
        ({"stations_per_arm": 2}, 0.426, 0.926),
        ({"stations_per_arm": 8}, 0.177, 0.260),
    ],
)
def test_detectable_effect_under_other_suppositions(changed, main, pairwise):
    trial = replace(LIMA, **changed)
    assert round(detectable_effect(trial, Comparison.MAIN), 3) == main
    assert round(detectable_effect(trial, Comparison.PAIRWISE), 3) == pairwise


@pytest.mark.parametrize(
    "right", [{"stations_per_arm": 2}, {"icc": 0}, {"icc": 1}, {"attrition": 0.99}, {"women": 1}, {"explained": 0.99}]
)
def test_extreme_designs_are_computed(right):
    assert detectable_effect(replace(LIMA, **right), Comparison.PAIRWISE) > 0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"stations_per_arm": 1}, "at least two stations"),
        ({"icc": -0.01}, "proportions from 0"),
        ({"icc": 1.01}, "proportions from 0"),
        ({"attrition": 1}, "proportions from 0"),
        ({"explained": 1}, "proportions from 0"),
        ({"size_variation": -0.1}, "proportions from 0"),
        ({"alpha": 0}, "alpha lies"),
        ({"alpha": 0.5}, "alpha lies"),
        ({"power": 0.5}, "power between"),
        ({"power": 1}, "power between"),
        ({"attrition": 0.995}, "no woman is left"),
    ],
)
def test_designs_that_no_trial_can_be_are_refused(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        replace(LIMA, **wrong)


@pytest.mark.parametrize(("prevalence", "points"), [(0.5, 10), (0.2, 8), (0.1, 6), (0.9, 6)])
def test_points_depend_on_the_prevalence(prevalence, points):
    assert in_points(0.2, prevalence) == pytest.approx(points)
    assert in_deviations(points, prevalence) == pytest.approx(0.2)


@given(trials, comparisons)
def test_more_stations_detect_smaller_effects(trial, comparison):
    more = replace(trial, stations_per_arm=trial.stations_per_arm + 1)
    assert detectable_effect(more, comparison) < detectable_effect(trial, comparison)


@given(trials, comparisons, st.floats(1.01, 2))
def test_more_women_detect_smaller_effects_but_never_below_the_floor(trial, comparison, times):
    assume(trial.women_followed >= 1)
    more = replace(trial, women=trial.women * times)
    assert (
        smallest_reachable(trial, comparison)
        < detectable_effect(more, comparison)
        < detectable_effect(trial, comparison)
    )


@given(trials, comparisons, st.floats(0.001, 0.4))
def test_likeness_loss_and_unequal_sizes_only_hurt(trial, comparison, added):
    assume(trial.women * (0.1 - trial.attrition * 0.1) > 1)
    now = detectable_effect(trial, comparison)
    assert detectable_effect(replace(trial, icc=trial.icc + added), comparison) > now
    assert detectable_effect(replace(trial, size_variation=trial.size_variation + added), comparison) > now
    worse = trial.attrition + (1 - trial.attrition) * added
    assert detectable_effect(replace(trial, attrition=worse), comparison) > now


@given(trials, st.floats(0.01, 2), st.floats(1.05, 3), comparisons)
def test_power_grows_from_alpha_to_one(trial, effect, times, comparison):
    assert power_of(trial, comparison, 0) == pytest.approx(trial.alpha)
    small, large = power_of(trial, comparison, effect), power_of(trial, comparison, effect * times)
    assert trial.alpha - 1e-9 <= small <= large + 1e-9 <= 1 + 2e-9
    assert power_of(trial, comparison, -effect) == small
    assert power_of(trial, comparison, 1e6) == 1


@given(trials, comparisons)
def test_power_of_the_detectable_effect_is_the_power_asked_for(trial, comparison):
    usual = replace(trial, alpha=0.05, power=0.8)
    assume(degrees_of_freedom(usual, comparison) >= 6)
    assert power_of(usual, comparison, detectable_effect(usual, comparison)) == pytest.approx(0.8, abs=0.005)


@given(trials)
def test_interaction_needs_twice_a_main_effect_or_more_and_a_pair_less(trial):
    main, pair, interaction = (detectable_effect(trial, comparison) for comparison in Comparison)
    assert 2 * main < interaction
    assert main < pair
