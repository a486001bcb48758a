"""Wherever another package does the same, it finds the same: on random unbalanced panels, each factor named.

The table of docs/same-numbers.md is what is tested here. No package of Python has CR2 with its degrees of freedom: the
scripts of a report compare that with clubSandwich in R, and other tests with dense matrices.
"""

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.iv.absorbing import AbsorbingLS
from linearmodels.panel import PanelOLS, PooledOLS
from statsmodels.stats.multitest import multipletests

from panel.estimators.attrition import response_weights, weighted_by_response
from panel.estimators.clustered import Effects
from panel.estimators.designs import after_baseline, ancova, event_study
from panel.estimators.estimate import estimate_effects
from panel.estimators.icc import icc_of
from panel.estimators.multiplicity import benjamini_hochberg, holm
from tests.panel.panels import arrays, random_panel

SEEDS = st.integers(0, 100_000)
NAMES = ("treated", "x")
few = settings(max_examples=8)


def by_name(panel):
    return {one.name: one for one in estimate_effects(panel).coefficients}


def sizes_of(frame):
    """Rows, stations, and the effects of women and waves that are free beside each other."""
    return len(frame), frame.station.nunique(), frame.woman.nunique() + frame.wave.nunique() - 1


def dummies(frame):
    return pd.get_dummies(frame.wave, prefix="wave", dtype=float)


@pytest.mark.requirement("F46")
@pytest.mark.parametrize("group_debias", [False, True])
@pytest.mark.parametrize(("debiased", "count_effects"), [(False, False), (True, False), (False, True), (True, True)])
@settings(max_examples=5)
@given(seed=SEEDS)
def test_two_way_effects_equal_panel_ols_of_linearmodels(group_debias, debiased, count_effects, seed):
    frame = random_panel(seed)
    data = frame.set_index(["woman", "wave"])
    model = PanelOLS(data.y, data[list(NAMES)], entity_effects=True, time_effects=True)
    theirs = model.fit(
        cov_type="clustered", clusters=data.station, group_debias=group_debias, debiased=debiased, auto_df=False,
        count_effects=count_effects,
    )  # fmt: skip
    n, g, e = sizes_of(frame)
    factor = n / (n - len(NAMES) * debiased - e * count_effects) * (g / (g - 1) * (n - 1) / n if group_debias else 1)
    for name, ours in by_name(arrays(frame, "y", NAMES)).items():
        assert ours.estimate == pytest.approx(theirs.params[name], rel=1e-7)
        assert theirs.std_errors[name] == pytest.approx(ours.se["cr0"] * np.sqrt(factor), rel=1e-7)


@few
@given(seed=SEEDS)
def test_two_way_effects_equal_absorbing_ls_of_linearmodels(seed):
    frame = random_panel(seed)
    absorbed = frame[["woman", "wave"]].astype("category")
    model = AbsorbingLS(frame.y, frame[list(NAMES)], absorb=absorbed)
    bare, debiased = (
        model.fit(cov_type="clustered", clusters=frame.station, debiased=choice) for choice in (False, True)
    )
    n, g, e = sizes_of(frame)
    factor = g / (g - 1) * (n - 1) / (n - len(NAMES) - e)
    for name, ours in by_name(arrays(frame, "y", NAMES)).items():
        assert ours.estimate == pytest.approx(bare.params[name], rel=1e-6)
        assert bare.std_errors[name] == pytest.approx(ours.se["cr0"], rel=1e-6)
        assert debiased.std_errors[name] == pytest.approx(ours.se["cr0"] * np.sqrt(factor), rel=1e-6)


@few
@given(seed=SEEDS)
def test_two_way_effects_equal_pyfixest(seed):
    """CR1, its p and interval by t with g − 1 degrees of freedom; with the package's own factor; and CR3."""
    frame = random_panel(seed)
    # A woman who was there once tells nothing; where a station is left out for CR3, the package takes her out.
    frame = frame[frame.groupby("woman").wave.transform("size") > 1].reset_index(drop=True)
    ours = by_name(arrays(frame, "y", NAMES))

    def theirs(vcov, **ssc):
        return pyfixest.feols(
            "y ~ treated + x | woman + wave", frame, vcov={vcov: "station"}, fixef_rm="none", ssc=pyfixest.ssc(**ssc)
        )

    cr1, usual = theirs("CRV1", k_adj=False, G_adj=True), theirs("CRV1")
    cr3 = theirs("CRV3", k_adj=False, G_adj=False)
    n = len(frame)
    factor = (n - 1) / (n - len(NAMES) - frame.wave.nunique())
    for name, one in ours.items():
        assert one.estimate == pytest.approx(cr1.coef()[name], rel=1e-6)
        assert one.se["cr1"] == pytest.approx(cr1.se()[name], rel=1e-6)
        assert one.p["cr1"] == pytest.approx(cr1.pvalue()[name], rel=1e-5)
        assert one.ci["cr1"] == pytest.approx(tuple(cr1.confint().loc[name]), rel=1e-5, abs=1e-8)
        assert usual.se()[name] == pytest.approx(one.se["cr1"] * np.sqrt(factor), rel=1e-6)
        assert one.se["cr3"] == pytest.approx(cr3.se()[name], rel=1e-5)


@few
@given(seed=SEEDS)
def test_effects_by_wave_equal_pyfixest(seed):
    frame = random_panel(seed)
    frame["ever"] = (frame.station % 2 == 0).astype(float)
    waves = [str(wave) for wave in sorted(frame.wave.unique())]
    ours = estimate_effects(event_study(arrays(frame, "y", ("treated",)), waves)).coefficients
    theirs = pyfixest.feols(
        "y ~ i(wave, ever, ref=0) | woman + wave", frame, vcov={"CRV1": "station"}, fixef_rm="none",
        ssc=pyfixest.ssc(k_adj=False, G_adj=True),
    )  # fmt: skip
    assert [one.estimate for one in ours] == pytest.approx(theirs.coef().tolist(), rel=1e-5, abs=1e-8)
    assert [one.se["cr1"] for one in ours] == pytest.approx(theirs.se().tolist(), rel=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
@few
@given(seed=SEEDS)
def test_after_baseline_equals_statsmodels_and_pooled_ols_of_linearmodels(weighted, seed):
    frame = random_panel(seed)
    weights = frame.weight.to_numpy() if weighted else None
    ours = by_name(after_baseline(arrays(frame, "y", NAMES, effects=Effects.TIME, weights=weights)))

    after = frame[frame.wave > 0]
    told = pd.concat([after[list(NAMES)], dummies(after)], axis=1)
    own = after.weight if weighted else pd.Series(1.0, after.index)
    bare, corrected = (
        sm.WLS(after.y, told, weights=own).fit(
            cov_type="cluster", cov_kwds={"groups": after.station, "use_correction": choice}
        )
        for choice in (False, True)
    )
    keys = pd.MultiIndex.from_frame(after[["woman", "wave"]])
    pooled = PooledOLS(after.y.set_axis(keys), told.set_axis(keys), weights=own.set_axis(keys)).fit(
        cov_type="clustered", clusters=after.station.set_axis(keys), debiased=False
    )
    n, k = len(after), told.shape[1]
    for name in NAMES:
        assert ours[name].estimate == pytest.approx(bare.params[name], rel=1e-8)
        assert ours[name].estimate == pytest.approx(pooled.params[name], rel=1e-8)
        assert ours[name].se["cr0"] == pytest.approx(bare.bse[name], rel=1e-7)
        assert ours[name].se["cr0"] == pytest.approx(pooled.std_errors[name], rel=1e-7)
        assert corrected.bse[name] == pytest.approx(ours[name].se["cr1"] * np.sqrt((n - 1) / (n - k)), rel=1e-7)


@few
@given(seed=SEEDS)
def test_ancova_equals_statsmodels_and_pooled_ols_of_linearmodels(seed):
    frame = random_panel(seed)
    ours = by_name(ancova(arrays(frame, "y", ("treated",))))

    base = frame[frame.wave == 0].set_index("woman").y
    frame["baseline"] = frame.woman.map(base).fillna(base.mean())
    frame["baseline_missing"] = (~frame.woman.isin(base.index)).astype(float)
    after = frame[frame.wave > 0]
    names = [name for name in ("treated", "baseline", "baseline_missing") if after[name].any()]
    told = pd.concat([after[names], dummies(after)], axis=1)
    theirs = sm.OLS(after.y, told).fit(cov_type="cluster", cov_kwds={"groups": after.station, "use_correction": False})
    keys = pd.MultiIndex.from_frame(after[["woman", "wave"]])
    pooled = PooledOLS(after.y.set_axis(keys), told.set_axis(keys)).fit(
        cov_type="clustered", clusters=after.station.set_axis(keys), debiased=False
    )
    assert list(ours) == names
    for name, one in ours.items():
        assert one.estimate == pytest.approx(theirs.params[name], rel=1e-7)
        assert one.estimate == pytest.approx(pooled.params[name], rel=1e-7)
        assert one.se["cr0"] == pytest.approx(theirs.bse[name], rel=1e-6)
        assert one.se["cr0"] == pytest.approx(pooled.std_errors[name], rel=1e-6)


# The package collects garbage at each call, so that few are made.
@settings(max_examples=5)
@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.5, 1.0])), min_size=2, max_size=12))
def test_holm_and_benjamini_hochberg_equal_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


@given(seed=SEEDS)
def test_icc_is_what_the_analysis_of_variance_of_statsmodels_makes_of_it(seed):
    """Stations of any size: F of stations within arms over women within stations (Donner and Klar 2000)."""
    rng = np.random.default_rng(seed)
    station = np.repeat(np.arange(8), rng.integers(2, 15, 8))
    frame = pd.DataFrame({"station": station, "arm": station % 2})
    frame["y"] = rng.uniform(0, 1) * rng.normal(size=8)[station] + rng.normal(size=len(station))
    within, arms = (smf.ols(f"y ~ C({name})", frame).fit() for name in ("station", "arm"))
    ratio = within.compare_f_test(arms)[0]
    sizes = frame.groupby(["arm", "station"]).size()
    own = sizes.groupby("arm").transform("sum")
    usual = (len(frame) - (sizes**2 / own).sum()) / (8 - 2)

    found = icc_of(frame.y.to_numpy(), frame.station.to_numpy(), frame.arm.to_numpy())

    assert found.value == pytest.approx((ratio - 1) / (ratio + usual - 1), rel=1e-9)
    assert found.women_per_station == pytest.approx(usual)


@pytest.mark.parametrize("seed", range(4))
def test_icc_equals_the_mixed_model_of_statsmodels_where_stations_are_of_one_size(seed):
    rng = np.random.default_rng(seed)
    station = np.arange(320) // 20
    outcome = 0.6 * rng.normal(size=16)[station] + rng.normal(size=320)
    frame = pd.DataFrame({"y": outcome, "station": station, "arm": station % 4})
    theirs = smf.mixedlm("y ~ C(arm)", frame, groups="station").fit(reml=True)
    between = float(theirs.cov_re.iloc[0, 0])
    found = icc_of(outcome, station, station % 4)
    assert found.value == pytest.approx(between / (between + theirs.scale), rel=1e-4)


@few
@given(seed=SEEDS)
def test_weights_and_the_weighted_effect_equal_statsmodels(seed):
    """The chance to answer by a logistic model of each wave, and least squares by one over it."""
    rng = np.random.default_rng(seed)
    station = np.repeat(np.arange(8), 30)
    frame = pd.DataFrame({"station": station, "woman": np.arange(240), "risk": rng.integers(0, 5, 240).astype(float)})
    frame["treated"] = (station % 2).astype(float)
    answered = rng.random(240) < 1 / (1 + np.exp(0.3 * frame.risk + 0.4 * frame.treated - 1.5))
    frame["y"] = np.where(answered, frame.treated + frame.risk + rng.normal(size=240), np.nan)
    told = frame[["treated", "risk"]].to_numpy()
    chance = sm.GLM(answered.astype(float), sm.add_constant(told), family=sm.families.Binomial()).fit(tol=1e-12)
    expected = 1 / chance.predict()[answered]
    expected /= expected.mean()
    assert response_weights(answered, told, most=1e6) == pytest.approx(expected, rel=1e-6)

    panel = arrays(frame.assign(wave=0), "y", ("treated",), effects=Effects.TIME)
    ours = by_name(weighted_by_response(panel, frame[["risk"]].to_numpy(), most=1e6))["treated"]
    theirs = smf.wls("y ~ treated", frame[answered], weights=expected).fit(
        cov_type="cluster", cov_kwds={"groups": station[answered], "use_correction": False}
    )
    assert ours.estimate == pytest.approx(theirs.params["treated"], rel=1e-6)
    assert ours.se["cr0"] == pytest.approx(theirs.bse["treated"], rel=1e-6)
