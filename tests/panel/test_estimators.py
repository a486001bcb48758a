"""Two-way effects with few clusters: the study's reference values, and other packages where they do the same."""

import numpy as np
import pandas as pd
import pyfixest
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import grunfeld

from panel.estimators.clustered import DesignInvalid, Effects, fit_panel
from panel.estimators.estimate import estimate_effects
from panel.estimators.multiplicity import family_of
from panel.estimators.wild_bootstrap import draw_signs, share_of_draws, wild_statistics, wild_test
from tests.panel.panels import arrays, random_panel, small_panel


@pytest.fixture(scope="module")
def ten_firms():
    data = grunfeld.load_pandas().data
    return data[data.firm != "American Steel"].reset_index(drop=True)


@pytest.fixture(scope="module")
def grunfeld_estimate(ten_firms):
    return estimate_effects(arrays(ten_firms, "invest", ("value", "capital"), unit="firm", time="year", cluster="firm"))


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [  # domain.md, section 5: Grunfeld without American Steel, firm and year effects, clustered by firm
        ("value", ("estimate",), 0.11771586),
        ("value", ("se", "cr1"), 0.010237372),
        ("value", ("se", "cr2"), 0.020814823),
        ("value", ("df", "cr2"), 2.3886711),
        ("value", ("p", "cr2"), 0.01967340),
        ("value", ("p", "wild"), 0.001953),
        ("capital", ("estimate",), 0.35791627),
        ("capital", ("se", "cr2"), 0.100213954),
        ("capital", ("df", "cr2"), 1.8434604),
        ("capital", ("p", "cr2"), 0.07906159),
        ("capital", ("p", "wild"), 0.05078),
    ],
)
def test_grunfeld_reference_values(grunfeld_estimate, name, path, expected):
    found = next(item for item in grunfeld_estimate.as_json()["coefficients"] if item["name"] == name)
    for key in path:
        found = found[key]
    assert found == pytest.approx(expected, rel=1e-6 if path[-1] != "wild" else 1e-3)


def test_one_way_reference_values(ten_firms):
    # domain.md, section 5: firm effects alone, which one period for all rows leaves
    panel = arrays(ten_firms.assign(once=0), "invest", ("value", "capital"), unit="firm", time="once", cluster="firm")
    assert fit_panel(panel).coefficients.tolist() == pytest.approx([0.11012380, 0.31006534], rel=1e-6)


def test_mirrored_draws_are_counted_once_and_change_no_p(grunfeld_estimate, ten_firms):
    fit = fit_panel(arrays(ten_firms, "invest", ("value", "capital"), unit="firm", time="year", cluster="firm"))
    signs = draw_signs(fit.clusters, 0)
    for j, coefficient in enumerate(grunfeld_estimate.coefficients):
        assert share_of_draws(wild_statistics(fit, j, signs)) == coefficient.p["wild"]


def test_cr1_is_cr0_times_root_of_g_over_g_minus_1(grunfeld_estimate):
    for coefficient in grunfeld_estimate.coefficients:
        assert coefficient.se["cr1"] == pytest.approx(coefficient.se["cr0"] * np.sqrt(10 / 9), rel=1e-12)


def test_cr1_agrees_with_pyfixest(ten_firms, grunfeld_estimate):
    theirs = pyfixest.feols(
        "invest ~ value + capital | firm + year", ten_firms, vcov={"CRV1": "firm"},
        ssc=pyfixest.ssc(k_adj=False, G_adj=True),
    )  # fmt: skip
    for coefficient in grunfeld_estimate.coefficients:
        assert coefficient.estimate == pytest.approx(theirs.coef()[coefficient.name], rel=1e-8)
        assert coefficient.se["cr1"] == pytest.approx(theirs.se()[coefficient.name], rel=1e-6)


def dense_projections(frame, regressors):
    """The textbook's n × n matrices, with every effect a dummy: what the estimators must equal."""
    dummies = [pd.get_dummies(frame[key], dtype=float).to_numpy() for key in ("woman", "wave")]
    design = np.hstack([frame[list(regressors)].to_numpy(float), *dummies])
    inverse = np.linalg.pinv(design.T @ design)
    return design, inverse, design @ inverse @ design.T


@pytest.mark.parametrize("exponent", [-0.5, -1.0])
def test_cr2_and_cr3_equal_dense_matrices_with_every_dummy(exponent):
    frame = small_panel()
    design, inverse, hat = dense_projections(frame, ("treated", "x"))
    y = frame.y.to_numpy()
    residuals = y - hat @ y
    meat = np.zeros_like(inverse)
    for station in frame.station.unique():
        rows = np.flatnonzero(frame.station == station)
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - hat[np.ix_(rows, rows)])
        power = np.where(values > 1e-8, np.abs(values) ** exponent, 0.0)
        score = design[rows].T @ (vectors * power) @ vectors.T @ residuals[rows]
        meat += np.outer(score, score)
    expected = np.sqrt(np.diag(inverse @ meat @ inverse))[:2]

    found = estimate_effects(arrays(frame, "y", ("treated", "x"), unit="woman", time="wave", cluster="station"))

    method = "cr2" if exponent == -0.5 else "cr3"
    assert [c.se[method] for c in found.coefficients] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("effects", list(Effects))
@pytest.mark.parametrize("weighted", [False, True])
def test_satterthwaite_degrees_of_freedom_equal_dense_matrices(effects, weighted):
    """Pustejovsky and Tipton (2018), equation 11, with n × n matrices and a working model of independent errors."""
    frame = small_panel(clusters=5, women=6)
    weights = np.random.default_rng(1).uniform(0.5, 2, len(frame)) if weighted and effects is Effects.TIME else None
    root = np.sqrt(np.ones(len(frame)) if weights is None else weights)
    keys = ("wave",) if effects is Effects.TIME else ("woman", "wave")
    dummies = [pd.get_dummies(frame[key], dtype=float).to_numpy() for key in keys]
    design = root[:, None] * np.hstack([frame[["treated", "x"]].to_numpy(float), *dummies])
    inverse = np.linalg.pinv(design.T @ design)
    rest = np.eye(len(frame)) - design @ inverse @ design.T
    expected = []
    for j in range(2):
        along = []
        for station in frame.station.unique():
            rows = np.flatnonzero(frame.station == station)
            values, vectors = np.linalg.eigh(rest[np.ix_(rows, rows)])
            power = np.where(values > 1e-8, np.abs(values) ** -0.5, 0.0)
            along.append(rest[:, rows] @ (vectors * power) @ vectors.T @ design[rows] @ inverse[:, j])
        products = np.array(along) @ np.array(along).T
        expected.append(np.trace(products) ** 2 / (products**2).sum())

    panel = arrays(frame, "y", ("treated", "x"), effects=effects, weights=weights)

    assert [c.df["cr2"] for c in estimate_effects(panel).coefficients] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("moving", [0, 5])
def test_cr3_equals_leaving_out_one_cluster_at_a_time(moving):
    frame = small_panel(seed=3)
    frame["station"] = (frame.station + ((frame.woman < moving) & (frame.wave == 2))) % 6
    found = estimate_effects(arrays(frame, "y", ("treated", "x"), unit="woman", time="wave", cluster="station"))
    left_out = np.array(
        [
            fit_panel(
                arrays(frame[frame.station != s], "y", ("treated", "x"), unit="woman", time="wave", cluster="station")
            ).coefficients
            for s in frame.station.unique()
        ]
    )
    ours = np.array([c.estimate for c in found.coefficients])
    expected = np.sqrt(((left_out - ours) ** 2).sum(axis=0))
    assert [c.se["cr3"] for c in found.coefficients] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("moving", [0, 5])
def test_wild_bootstrap_equals_refitting_every_draw(moving):
    frame = small_panel(seed=5)
    frame["station"] = (frame.station + ((frame.woman < moving) & (frame.wave == 2))) % 6
    design, inverse, hat = dense_projections(frame, ("treated", "x"))
    restricted_design = design[:, 1:]
    y = frame.y.to_numpy()
    fitted = restricted_design @ np.linalg.pinv(restricted_design) @ y
    clusters = [np.flatnonzero(frame.station == s) for s in frame.station.unique()]
    squared = []
    for signs in draw_signs(6, seed=0):
        w = np.empty(len(y))
        for rows, sign in zip(clusters, signs, strict=True):
            w[rows] = sign
        starred = fitted + w * (y - fitted)
        beta = inverse @ design.T @ starred
        u = starred - hat @ starred
        meat = sum(np.outer(design[rows].T @ u[rows], design[rows].T @ u[rows]) for rows in clusters)
        squared.append(beta[0] ** 2 / (inverse @ meat @ inverse)[0, 0])
    expected = np.mean(np.array(squared) >= squared[0] * (1 - 1e-9))

    fit = fit_panel(arrays(frame, "y", ("treated", "x"), unit="woman", time="wave", cluster="station"))
    assert wild_test(fit, 0, draw_signs(6, seed=0)).p == expected


def test_wild_p_is_never_zero_and_draws_are_seeded():
    frame = small_panel(clusters=18)
    frame["y"] += 50 * frame.treated
    panel = arrays(frame, "y", ("treated",), unit="woman", time="wave", cluster="station")
    fit = fit_panel(panel)
    first, again = (wild_test(fit, 0, draw_signs(18, seed=4)) for _ in range(2))
    assert first == again
    assert first.p >= 1 / 10_000
    assert first.draws == 10_000


def test_wild_interval_holds_the_estimate_and_ends_where_p_is_alpha(grunfeld_estimate):
    value = grunfeld_estimate.coefficients[0]
    low, high = value.ci["wild"]
    assert 0 < low < value.estimate < high


def test_two_clusters_have_no_wild_interval_and_say_so():
    frame = small_panel(clusters=2, women=20)
    frame["treated"] = ((frame.station == 0) & (frame.wave > 0)).astype(float)
    found = estimate_effects(arrays(frame, "y", ("treated",), unit="woman", time="wave", cluster="station"))
    assert found.coefficients[0].ci["wild"] is None
    assert any(text.startswith("wild: an interval is left out") for text in found.warnings)


@settings(max_examples=15)
@given(seed=st.integers(0, 100_000))
def test_units_that_move_between_clusters_equal_dense_matrices(seed):
    """CR0, CR2, its degrees of freedom and CR3 with every dummy and n × n matrices (Pustejovsky and Tipton 2018)."""
    frame = random_panel(seed, moves=True)
    design, inverse, hat = dense_projections(frame, ("treated", "x"))
    rest, along = np.eye(len(frame)) - hat, (design @ inverse)[:, :2]
    residuals = rest @ frame.y.to_numpy()
    exponents = {"cr0": 0.0, "cr2": -0.5, "cr3": -1.0}
    squares, shadows = dict.fromkeys(exponents, np.zeros(2)), []
    for station in frame.station.unique():
        rows = np.flatnonzero(frame.station == station)
        values, vectors = np.linalg.eigh(rest[np.ix_(rows, rows)])
        for method, exponent in exponents.items():
            power = np.where(values > 1e-9, np.maximum(values, 1e-9) ** exponent, 0.0)
            adjusted = (vectors * power) @ vectors.T @ along[rows]
            squares[method] = squares[method] + (adjusted.T @ residuals[rows]) ** 2
            if method == "cr2":
                shadows.append(rest[:, rows] @ adjusted)
    products = [np.array(column).T @ np.array(column) for column in np.array(shadows).transpose(2, 1, 0)]
    freedom = [np.trace(one) ** 2 / (one**2).sum() for one in products]

    found = estimate_effects(arrays(frame, "y", ("treated", "x"))).coefficients

    for method, variance in squares.items():
        assert [one.se[method] for one in found] == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert [one.df["cr2"] for one in found] == pytest.approx(freedom, rel=1e-5)


def test_too_many_units_that_move_get_cr0_and_cr1_and_say_why():
    women = 600
    frame = pd.DataFrame({"woman": np.repeat(np.arange(women), 3), "wave": np.tile(np.arange(3), women)})
    frame["station"] = (frame.woman + (frame.wave == 2)) % 16
    rng = np.random.default_rng(1)
    frame["x"], frame["y"] = rng.normal(size=len(frame)), rng.normal(size=len(frame))
    found = estimate_effects(arrays(frame, "y", ("x",)))
    assert {m: v is None for m, v in found.coefficients[0].se.items()} == {
        "cr0": False, "cr1": False, "cr2": True, "cr3": True,
    }  # fmt: skip
    why = "600 units lie in more than one cluster, too many to fit their effects again"
    assert f"cr2, cr3, wild: not computed; {why}" in found.warnings
    with pytest.raises(DesignInvalid, match=f"^{why}$"):
        family_of({"y": arrays(frame, "y", ("x",))}, "x", seed=1)


@pytest.mark.parametrize(
    ("change", "regressors", "sentence"),
    [
        ({"c": 1.0}, ("treated", "c"), "c: the same value in every row"),
        ({"c": lambda f: f.station * 1.0}, ("treated", "c"), "c: absorbed by the unit and time effects"),
        ({"c": lambda f: f.wave * 2.0}, ("treated", "c"), "c: absorbed by the unit and time effects"),
        ({"c": lambda f: f.x + 3 * f.treated}, ("treated", "x", "c"), "c: collinear with treated, x"),
    ],
)
def test_regressor_that_cannot_be_told_apart_is_named(change, regressors, sentence):
    frame = small_panel().assign(**change)
    with pytest.raises(DesignInvalid, match=f"^{sentence}"):
        fit_panel(arrays(frame, "y", regressors, unit="woman", time="wave", cluster="station"))


def test_one_cluster_is_refused():
    frame = small_panel().assign(station=0)
    with pytest.raises(DesignInvalid, match=r"^there is one cluster only"):
        estimate_effects(arrays(frame, "y", ("x",), unit="woman", time="wave", cluster="station"))
