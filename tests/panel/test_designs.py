"""The trial's models: each equal to another package's, or to the textbook's, on panels with gaps."""

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st

from panel.estimators.clustered import DesignInvalid, Effects, fit_panel
from panel.estimators.designs import after_baseline, ancova, by_moderator, by_time, event_study, rows_of, saturated
from panel.estimators.estimate import estimate_effects
from tests.panel.panels import arrays, small_panel

WAVES = ("0", "3", "6")


def by_name(estimate):
    return {coefficient.name: coefficient for coefficient in estimate.coefficients}


def factorial(seed=3, clusters=8, waves=3):
    frame = small_panel(seed=seed, clusters=clusters, women=10, waves=waves)
    frame["training"] = (frame.station.isin([0, 1, 2, 3]) & (frame.wave > 0)).astype(float)
    frame["risk"] = (frame.station.isin([0, 1, 4, 5]) & (frame.wave > 0)).astype(float)
    frame["score"] = np.random.default_rng(seed).integers(0, 20, frame.woman.max() + 1)[frame.woman].astype(float)
    return frame


@pytest.mark.requirement("F46")
@pytest.mark.parametrize("with_weights", [False, True])
def test_after_baseline_equals_statsmodels(with_weights):
    frame = factorial()
    weights = np.random.default_rng(1).uniform(0.5, 2, len(frame)) if with_weights else None
    panel = arrays(frame, "y", ("training", "risk", "x"), treatments=2, effects=Effects.TIME, weights=weights)
    found = by_name(estimate_effects(after_baseline(panel)))

    after = frame[frame.wave > 0]
    own = None if weights is None else weights[frame.wave > 0]
    model = smf.wls("y ~ training + risk + x + C(wave)", after, weights=1.0 if own is None else own)
    theirs = model.fit(cov_type="cluster", cov_kwds={"groups": after.station, "use_correction": False})
    for name in ("training", "risk", "x"):
        assert found[name].estimate == pytest.approx(theirs.params[name], rel=1e-9)
        assert found[name].se["cr0"] == pytest.approx(theirs.bse[name], rel=1e-9)


def test_ancova_equals_statsmodels_with_the_missing_baseline_marked():
    frame = factorial()
    found = by_name(estimate_effects(ancova(arrays(frame, "y", ("training", "risk"), treatments=2))))

    base = frame[frame.wave == 0].set_index("woman").y
    frame["missing"] = (~frame.woman.isin(base.index)).astype(float)
    frame["base"] = frame.woman.map(base).fillna(base.mean())
    after = frame[frame.wave > 0]
    theirs = smf.ols("y ~ training + risk + base + missing + C(wave)", after).fit(
        cov_type="cluster", cov_kwds={"groups": after.station, "use_correction": False}
    )
    assert list(found) == ["training", "risk", "baseline", "baseline_missing"]
    assert found["training"].estimate == pytest.approx(theirs.params["training"], rel=1e-9)
    assert found["baseline"].se["cr0"] == pytest.approx(theirs.bse["base"], rel=1e-9)


def test_ancova_of_complete_baselines_has_no_mark():
    frame = factorial()
    complete = frame[frame.woman.isin(frame[frame.wave == 0].woman)].reset_index(drop=True)
    assert ancova(arrays(complete, "y", ("training",))).names == ("training", "baseline")


def test_event_study_equals_pyfixest():
    frame = factorial()
    frame["trained"] = frame.station.isin([0, 1, 2, 3]).astype(float)
    found = by_name(estimate_effects(event_study(arrays(frame, "y", ("training", "x")), WAVES)))
    theirs = pyfixest.feols("y ~ i(wave, trained, ref=0) + x | woman + wave", frame, vcov="iid", fixef_rm="none")
    assert list(found) == ["training@3", "training@6", "x"]
    assert found["training@3"].estimate == pytest.approx(theirs.coef().iloc[0], rel=1e-6)
    assert found["training@6"].estimate == pytest.approx(theirs.coef().iloc[1], rel=1e-6)


def test_event_study_of_a_later_base_has_leads():
    panel = arrays(factorial(), "y", ("training",))
    assert event_study(panel, WAVES, base=1).names == ("training@0", "training@6")


def test_saturated_model_has_the_product_behind_the_treatments():
    panel = saturated(arrays(factorial(), "y", ("training", "risk", "x"), treatments=2), "training", "risk")
    assert panel.names == ("training", "risk", "training_x_risk", "x")
    assert panel.treatments == 3
    assert np.array_equal(panel.regressors[:, 2], panel.regressors[:, 0] * panel.regressors[:, 1])


def test_trait_enters_times_each_wave_though_by_itself_it_is_absorbed():
    frame = factorial()
    panel = arrays(frame, "y", ("training",))
    with pytest.raises(DesignInvalid, match=r"^score: absorbed by the unit and time effects .* multiplied by time$"):
        fit_panel(arrays(frame, "y", ("training", "score")))
    found = by_name(estimate_effects(by_time(panel, ("score",), frame[["score"]].to_numpy(), WAVES)))
    theirs = pyfixest.feols("y ~ training + i(wave, score, ref=0) | woman + wave", frame, vcov="iid", fixef_rm="none")
    assert list(found) == ["training", "score@3", "score@6"]
    assert found["training"].estimate == pytest.approx(theirs.coef()["training"], rel=1e-6)


def test_trait_times_every_wave_is_absorbed_and_named():
    frame = factorial()
    traits = by_time(arrays(frame, "y", ("training",)), ("score",), frame[["score"]].to_numpy(), WAVES)
    frame["again"] = frame.score * (frame.wave == 1)
    with pytest.raises(DesignInvalid, match=r"^again@6: the same value|^score@3: collinear|^again: collinear"):
        fit_panel(by_time(arrays(frame, "y", ("training", "again")), ("score",), frame[["score"]].to_numpy(), WAVES))
    assert fit_panel(traits).n == len(frame)


def test_effects_by_baseline_risk_equal_pyfixest():
    frame = factorial()
    found = by_name(
        estimate_effects(by_moderator(arrays(frame, "y", ("training",)), "score", frame.score.to_numpy(), WAVES))
    )
    frame["centred"] = frame.score - frame.score.mean()
    theirs = pyfixest.feols(
        "y ~ training + training:centred + i(wave, centred, ref=0) | woman + wave", frame, vcov="iid", fixef_rm="none"
    ).coef()
    assert found["training"].estimate == pytest.approx(theirs["training"], rel=1e-6)
    assert found["training:score"].estimate == pytest.approx(theirs["training:centred"], rel=1e-6)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda p: after_baseline(rows_of(p, p.time == 0)), "there is one period only"),
        (lambda p: ancova(rows_of(p, p.time > 0), base=7), "no unit has an outcome in the base period"),
        (lambda p: event_study(p, WAVES), "x: effects by wave need a treatment of 0 and 1"),
        (lambda p: saturated(p, "x", "nothing"), "nothing: no such regressor; there are x"),
        (lambda p: rows_of(p, p.time == 9), "no row is left"),
    ],
)
def test_design_that_cannot_be_is_named(build, sentence):
    with pytest.raises(DesignInvalid, match=f"^{sentence}"):
        build(arrays(factorial(), "y", ("x",)))


def test_weights_beside_unit_effects_are_refused():
    frame = factorial()
    with pytest.raises(DesignInvalid, match=r"^weights are for models without unit effects"):
        fit_panel(arrays(frame, "y", ("training",), weights=np.ones(len(frame))))


@pytest.mark.requirement("F46")
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_estimates_do_not_hang_on_units_of_measure_order_of_rows_or_names_of_clusters(seed, scale, shift):
    rng = np.random.default_rng(seed)
    frame = small_panel(seed=seed % 1000)
    first = fit_panel(arrays(frame, "y", ("treated", "x")))
    other = frame.assign(
        y=scale * frame.y + shift + rng.normal(size=frame.woman.max() + 1)[frame.woman],
        station=rng.permutation(6)[frame.station],
    ).sample(frac=1, random_state=seed)
    second = fit_panel(arrays(pd.DataFrame(other), "y", ("treated", "x")))
    assert second.coefficients / scale == pytest.approx(first.coefficients, rel=1e-6, abs=1e-7)
