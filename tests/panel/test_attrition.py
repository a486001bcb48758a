"""Lee bounds, weights for those who answered, and what the trial could have found."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.estimators.attrition import lee_bounds, response_weights, weighted_by_response
from panel.estimators.clustered import DesignInvalid, Effects, PanelArrays, fit_panel
from panel.estimators.designs import rows_of
from panel.estimators.icc import detectable_at, detectable_by_error, icc_of
from stations.power import Comparison


def two_arms(control, treated, size=10):
    """Women by arm, those beyond the given answers not seen, two stations an arm."""
    rows = [*control, *[np.nan] * (size - len(control)), *treated, *[np.nan] * (size - len(treated))]
    arm = np.repeat([False, True], size)
    return np.array(rows, dtype=float), arm, np.arange(2 * size) % 2 + 2 * arm


@pytest.mark.requirement("F46")
@pytest.mark.parametrize(
    ("control", "treated", "bounds", "trimmed", "of_treated"),
    [
        (range(1, 7), range(1, 9), (0.0, 2.0), 0.25, True),  # domain.md, section 5
        (range(1, 9), range(1, 7), (-2.0, 0.0), 0.25, False),  # its mirror
        (range(1, 7), range(3, 9), (2.0, 2.0), 0.0, True),  # the same share: a point
        # 8 answer of 10 against 7: an eighth of 8 is one woman, 7 are left
        (range(1, 8), range(1, 9), (0.0, 1.0), 0.125, True),
        # 5 against 4: a fifth of 5 is one woman
        ((1, 1, 0, 0), (1, 1, 1, 0, 0), (0.0, 0.25), 0.2, True),
    ],
)
def test_bounds(control, treated, bounds, trimmed, of_treated):
    found = lee_bounds(*two_arms(control, treated), seed=1, draws=200)
    assert (found.lower, found.upper) == pytest.approx(bounds, abs=1e-12)
    assert found.trimmed == pytest.approx(trimmed)
    assert found.trimmed_treated is of_treated
    assert found.interval[0] <= found.lower <= found.upper <= found.interval[1]


def test_value_at_the_edge_goes_in_part():
    # 3 of 4 against 2 of 4: a third of 3 women is one; with 5 of 6 against 4 of 7, 5 × (1 − 11/35) = 24/7 are left.
    outcome = np.array([1, 2, 3, 4, np.nan, np.nan, np.nan, 1, 2, 3, 4, 5, np.nan])
    treated = np.repeat([False, True], [7, 6])
    found = lee_bounds(outcome, treated, treated.astype(np.int64), seed=1, draws=50)
    kept = 24 / 7
    assert found.lower == pytest.approx((1 + 2 + 3 + (kept - 3) * 4) / kept - 2.5)
    assert found.upper == pytest.approx((5 + 4 + 3 + (kept - 3) * 2) / kept - 2.5)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_bounds_hold_the_difference_of_those_seen_and_do_not_hang_on_order(seed):
    rng = np.random.default_rng(seed)
    treated, cluster = np.repeat([False, True], 60), np.arange(120) // 10
    outcome = np.where(rng.random(120) < np.where(treated, 0.8, 0.6), rng.normal(size=120), np.nan)
    found = lee_bounds(outcome, treated, cluster, seed=1, draws=50)
    naive = np.nanmean(outcome[treated]) - np.nanmean(outcome[~treated])
    assert found.lower - 1e-9 <= naive <= found.upper + 1e-9
    order = rng.permutation(120)
    assert lee_bounds(outcome[order], treated[order], cluster[order], seed=1, draws=50).lower == pytest.approx(
        found.lower
    )


def test_cluster_bootstrap_knows_that_stations_differ():
    rng = np.random.default_rng(3)
    treated, cluster = np.repeat([False, True], 400), np.arange(800) // 50
    outcome = rng.normal(size=16)[cluster] + rng.normal(size=800)
    found = lee_bounds(outcome, treated, cluster, seed=1)
    means = pd.Series(outcome).groupby(cluster).mean().to_numpy()
    expected = np.sqrt(means[:8].var() / 8 + means[8:].var() / 8)
    assert found.lower == pytest.approx(found.upper)
    assert found.lower_se == pytest.approx(expected, rel=0.06)


def test_arm_without_answers_is_refused():
    with pytest.raises(DesignInvalid, match=r"^an arm has no answer"):
        lee_bounds(*two_arms((), (1, 2)), seed=1)


def test_weights_equal_those_of_statsmodels():
    rng = np.random.default_rng(5)
    traits = np.column_stack([rng.normal(30, 8, 500), rng.integers(0, 2, 500)])
    answered = rng.random(500) < 1 / (1 + np.exp(-(0.5 + 0.05 * (traits[:, 0] - 30) - 0.7 * traits[:, 1])))
    theirs = 1 / sm.Logit(answered.astype(float), sm.add_constant(traits)).fit(disp=0).predict()[answered]
    found = response_weights(answered, traits)
    assert found == pytest.approx(theirs / theirs.mean(), rel=1e-6)
    assert found.mean() == pytest.approx(1)


def test_all_who_answer_weigh_the_same():
    assert (response_weights(np.ones(5, dtype=bool), np.arange(5.0)[:, None]) == 1).all()


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        (np.arange(40.0)[:, None], "the traits tell exactly who answered"),
        (np.ones((40, 1)), "a trait that is the same for all cannot tell who answered"),
    ],
)
def test_traits_that_do_not_serve_are_refused(traits, sentence):
    with pytest.raises(DesignInvalid, match=f"^{sentence}"):
        response_weights(np.arange(40) > 20, traits)


def test_no_weight_is_out_of_measure():
    rng = np.random.default_rng(6)
    trait = rng.normal(size=2000)
    answered = rng.random(2000) < 1 / (1 + np.exp(4 * trait - 2))
    assert response_weights(answered, trait[:, None], most=3.0).max() == 3.0


def test_weights_mend_what_was_lost_by_a_known_trait():
    """Treated women at high risk stay away, and risk moves the outcome: the weighted comparison finds the true 1."""
    rng = np.random.default_rng(7)
    n = 8000
    treated, risk = (np.arange(n) % 2).astype(float), rng.integers(0, 2, n).astype(float)
    outcome = 1.0 * treated + 3.0 * risk + rng.normal(size=n)
    outcome[rng.random(n) < 0.6 * risk * treated] = np.nan
    told = np.column_stack([risk, risk * treated])
    panel = PanelArrays(
        outcome=outcome, regressors=treated[:, None], names=("treated",), unit=np.arange(n),
        time=np.zeros(n, dtype=int), cluster=np.arange(n) % 16, effects=Effects.TIME,
    )  # fmt: skip
    seen = fit_panel(rows_of(panel, ~np.isnan(outcome))).coefficients[0]
    weighted = weighted_by_response(panel, told)
    assert seen == pytest.approx(0.36, abs=0.1)
    assert fit_panel(weighted).coefficients[0] == pytest.approx(1.0, abs=0.1)
    assert len(weighted.outcome) == int((~np.isnan(outcome)).sum())


def stations(icc, seed=2, size=20, count=16):
    rng = np.random.default_rng(seed)
    cluster = np.arange(size * count) // size
    outcome = np.sqrt(icc) * rng.normal(size=count)[cluster] + np.sqrt(1 - icc) * rng.normal(size=len(cluster))
    return outcome, cluster, cluster % 4


def test_icc_equals_the_mixed_model_on_stations_of_one_size():
    """Restricted maximum likelihood and the analysis of variance are the same where stations are of one size."""
    outcome, cluster, arm = stations(0.2)
    frame = pd.DataFrame({"y": outcome, "station": cluster, "arm": arm})
    theirs = smf.mixedlm("y ~ C(arm)", frame, groups="station").fit(reml=True)
    between = float(theirs.cov_re.iloc[0, 0])
    found = icc_of(outcome, cluster, arm)
    assert found.value == pytest.approx(between / (between + theirs.scale), rel=1e-4)
    assert found.interval[0] < found.value < found.interval[1]
    assert found.women_per_station == pytest.approx(20)


def test_icc_interval_holds_the_truth_as_often_as_it_says():
    held = [
        low <= 0.05 <= high for seed in range(400) for low, high in [icc_of(*stations(0.05, seed=seed)).interval]
    ]  # fmt: skip
    assert np.mean(held) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400))


@pytest.mark.parametrize(
    ("outcome", "cluster", "arm", "sentence"),
    [
        (np.arange(4.0), np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), "an intracluster correlation needs"),
        (np.ones(6), np.array([0, 0, 1, 1, 2, 2]), np.zeros(6, dtype=int), "the outcome does not vary"),
    ],
)
def test_icc_that_cannot_be_is_refused(outcome, cluster, arm, sentence):
    with pytest.raises(DesignInvalid, match=f"^{sentence}"):
        icc_of(outcome, cluster, arm)


@pytest.mark.parametrize(
    ("comparison", "deviation", "expected"),
    [  # domain.md, section 5: 100 women a cluster, ICC .02
        (Comparison.MAIN, 1.0, 0.262),
        (Comparison.PAIRWISE, 1.0, 0.409),
        (Comparison.MAIN, 0.5, 0.131),
        (Comparison.PAIRWISE, 0.5, 0.205),
    ],
)
def test_detectable_effect_at_the_observed_correlation(comparison, deviation, expected):
    found = detectable_at(0.02, stations_per_arm=4, women=100, comparison=comparison, deviation=deviation)
    assert found == pytest.approx(expected, abs=0.0006)


def test_detectable_effect_from_an_error():
    assert detectable_by_error(0.1, 1e9) == pytest.approx(0.1 * (1.959964 + 0.841621), rel=1e-5)
    assert detectable_by_error(0.1, 13) > detectable_by_error(0.1, 1e9)
    assert detectable_at(-0.01, stations_per_arm=4, women=100, comparison=Comparison.MAIN) == detectable_at(
        0, stations_per_arm=4, women=100, comparison=Comparison.MAIN
    )
