"""Randomisation inference: the certificate's own candidates, brute force for every coefficient, and exact validity."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.allocation_file import candidate_set
from panel.estimators.candidates import interchangeable, ways_to_give
from panel.estimators.clustered import DesignInvalid, Effects, fit_panel
from panel.estimators.designs import after_baseline, by_moderator, saturated
from panel.estimators.estimate import Randomisation, estimate_effects
from panel.estimators.randomisation import (
    cells_of,
    coefficients_by_way,
    randomisation_test,
    share_as_large,
    ways_for_all,
)
from stations.certificate import build_certificate
from stations.constrained import keep_best
from stations.design import Design
from stations.frame_file import frame_sha256
from stations.partitions import Covariates, PartitionSpace
from stations.reachable import contrasts, reach_by_score, reach_in_blocks
from tests.fixtures.study import frame_of_lima
from tests.panel.panels import arrays
from tests.stations.test_certificate import a_certificate, design, frame

WAVES = 3


@cache
def eight_stations(method="constrained", pct=30):
    content = design().model_dump()
    content["sampling"]["stations"] = 8
    content["allocation"] |= {"method": method, "candidate_pct": pct}
    return build_certificate(
        design=Design.model_validate(content),
        frame=frame(),
        frame_sha256=frame_sha256(*frame_of_lima()),
        protocol_sha256="c" * 64,
        seed="2017",
    )


def trial(certificate, *, women=4, seed=1, effect=0.0):
    """A panel of the certificate's stations, with gaps."""
    rng = np.random.default_rng(seed)
    arms = {arm["code"]: arm for arm in certificate["design"]["arms"]}
    rows = [
        (code, f"{code}-{woman}", wave)
        for code in certificate["sample"]
        for woman in range(women)
        for wave in range(WAVES)
    ]
    data = pd.DataFrame(rows, columns=["station", "woman", "wave"])
    own = data.station.map(certificate["assignment"]).map(arms)
    data["training"] = own.map(lambda arm: arm["training"]).astype(float) * (data.wave > 0)
    data["risk"] = own.map(lambda arm: arm["risk_cadence"]).astype(float) * (data.wave > 0)
    data["x"] = rng.normal(size=len(data))
    data["y"] = effect * data.training + rng.normal(size=len(data)) + 0.3 * data.x
    return data[rng.random(len(data)) > 0.1].reset_index(drop=True)


def panel_of(data, treatments=("training", "risk"), covariates=(), **more):
    names = tuple(dict.fromkeys(data.station))
    return arrays(
        data, "y", (*treatments, *covariates), treatments=len(treatments), cluster_names=names, **more
    )  # fmt: skip


def covariates_of(certificate):
    part = certificate["covariates"]
    values = [part["values"][code] for code in certificate["sample"]]
    return Covariates(np.array(values, dtype=np.int64), np.array(part["weights"], dtype=np.int64))


@pytest.mark.requirement("F46")
@pytest.mark.requirement("N11")
@pytest.mark.parametrize("variant", ["constrained", "weighted", "simple", "matched"])
def test_ways_are_those_that_the_draw_page_counts(variant):
    certificate = a_certificate(variant)
    candidates = candidate_set(certificate)
    data = trial(certificate)
    compared = {contrast.name: contrast for contrast in contrasts(Design.model_validate(certificate["design"]).factors)}
    wanted = [compared[name] for name in compared if name in ("training", "risk_cadence")]
    if certificate["candidates"]:
        arms = [certificate["assignment"][code] for code in certificate["sample"]]
        reach = reach_by_score(covariates_of(certificate), certificate["candidates"]["cutoff"], arms, wanted)
    else:
        blocks = list((certificate["blocks"] or {"all": certificate["sample"]}).values())
        reach = reach_in_blocks(blocks, certificate["assignment"], wanted)
    cells = cells_of(panel_of(data), candidates)
    tests = [randomisation_test(cells, candidates, j, draws=99, seed=1) for j in (0, 1)]
    assert [test.ways for test in tests] == [one.ways for one in reach]
    assert all(test.is_exact for test in tests)


def test_saturated_coefficient_gives_two_arms_again_and_the_product_none():
    certificate = a_certificate("simple")
    candidates = candidate_set(certificate)
    cells = cells_of(saturated(panel_of(trial(certificate)), "training", "risk"), candidates)
    tests = [randomisation_test(cells, candidates, j, draws=99, seed=1) for j in range(3)]
    assert [test.ways for test in tests] == [70, 70, 1]
    assert tests[2].p is None
    assert tests[2].interval is None


@pytest.mark.requirement("N11")
@pytest.mark.parametrize("pct", [10, 30, 100])
def test_all_arms_given_again_are_exactly_the_kept_assignments(pct):
    certificate = eight_stations(pct=pct)
    candidates = candidate_set(certificate)
    ways = ways_for_all(candidates, draws=99, seed=1)
    assert ways.is_exact
    assert ways.count == certificate["candidates"]["kept"]
    assert len(np.unique(ways.allocations, axis=0)) == ways.count
    assert np.array_equal(ways.allocations[0], candidates.actual)


def test_draws_of_the_whole_set_stay_within_it_and_are_seeded():
    certificate = a_certificate()
    candidates = candidate_set(certificate)
    ways = ways_for_all(candidates, draws=500, seed=3)
    assert (ways.count, ways.is_exact) == (501, False)
    assert candidates.admits(ways.allocations).all()
    assert np.array_equal(ways.allocations, ways_for_all(candidates, draws=500, seed=3).allocations)
    # The cut-off is the certificate's: the best tenth of all partitions, found again by the draw's own code.
    kept = keep_best(PartitionSpace(covariates_of(certificate), sets=4), pct=10)
    assert kept.distribution.cutoff == candidates.cutoff
    share = candidates.admits(np.random.default_rng(0).permuted(np.tile(candidates.actual, (20_000, 1)), axis=1)).mean()
    assert share == pytest.approx(0.10, abs=0.01)


@pytest.mark.parametrize("effects", list(Effects))
@pytest.mark.parametrize("with_weights", [False, True])
def test_coefficients_of_every_way_equal_fitting_the_panel_again(effects, with_weights):
    if with_weights and effects is Effects.UNIT_AND_TIME:
        effects = Effects.TIME
    certificate = eight_stations()
    candidates, data = candidate_set(certificate), trial(certificate)
    weights = np.random.default_rng(1).uniform(0.5, 2, len(data)) if with_weights else None
    panel = panel_of(data, covariates=("x",), effects=effects, weights=weights)
    cells, ways = cells_of(panel, candidates), ways_for_all(candidates, draws=99, seed=1).allocations[:25]
    found = coefficients_by_way(cells, ways, cells.outcome[:, None])[:, :, 0]
    place = {code: number for number, code in enumerate(candidates.stations)}
    for way, ours in zip(ways, found, strict=True):
        given = candidates.factors[way[data.station.map(place)]] * (data.wave > 0).to_numpy()[:, None]
        again = replace(panel, regressors=np.column_stack([given, data.x]))
        assert ours == pytest.approx(fit_panel(again).coefficients[:2], rel=1e-7, abs=1e-9)


def test_p_and_interval_are_those_of_the_ways():
    certificate = a_certificate("simple")
    candidates, data = candidate_set(certificate), trial(a_certificate("simple"), effect=0.4)
    panel = panel_of(data)
    test = randomisation_test(cells_of(panel, candidates), candidates, 0, draws=99, seed=1)
    assert test.ways == 4900
    low, high = test.interval
    assert low < fit_panel(panel).coefficients[0] < high

    def p_of(effect):
        shifted = replace(panel, outcome=panel.outcome - effect * data.training.to_numpy())
        return randomisation_test(cells_of(shifted, candidates), candidates, 0, draws=99, seed=1).p

    assert p_of(0.0) == test.p
    margin = 1e-6
    assert min(p_of(low + margin), p_of(high - margin)) > 0.05
    assert max(p_of(low - margin), p_of(high + margin)) <= 0.05


@pytest.mark.requirement("N11")
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_over_all_draws_no_more_than_alpha_are_refused(seed):
    """The promise itself: had the draw gone any other way, with these outcomes, p ≤ α in at most α of the cases."""
    certificate = eight_stations()
    candidates = candidate_set(certificate)
    cells = cells_of(panel_of(trial(certificate, seed=seed)), candidates)
    groups = interchangeable(cells.exposure, candidates.factors, 0)
    ways = ways_to_give(candidates, groups, draws=99, seed=1).allocations
    found = coefficients_by_way(cells, ways, cells.outcome[:, None])[:, 0, 0]
    p = [share_as_large(np.roll(found, -number)) for number in range(len(ways))]
    for alpha in (0.05, 0.2, 0.5):
        assert np.mean(np.array(p) <= alpha) <= alpha
    other = replace(candidates, actual=ways[-1])
    assert ways_to_give(other, groups, draws=99, seed=1).count == len(ways)


@pytest.mark.parametrize(
    ("columns", "column", "groups"),
    [  # control, training, risk, both: columns of each arm, and which arms the column's test gives again
        ([(0, 0), (1, 0), (0, 1), (1, 1)], 0, (0, 0, 1, 1)),
        ([(0, 0), (1, 0), (0, 1), (1, 1)], 1, (0, 1, 0, 1)),
        ([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1)], 0, (0, 0, 1, 2)),
        ([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1)], 2, (0, 1, 2, 3)),
        ([(0,), (1,), (0,), (1,)], 0, (0, 0, 1, 1)),
        ([(0,), (1,), (1,), (1,)], 0, (0, 0, 0, 0)),
        ([(0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)], 0, (0, 1, 2, 0)),
    ],
    ids=["main", "other main", "pairwise", "product", "training alone", "any arm", "blinded groups"],
)
def test_arms_are_given_again_where_one_column_alone_tells_them_apart(columns, column, groups):
    factors = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    exposure = np.array(columns, dtype=float)[:, None, :]
    assert interchangeable(exposure, factors, column) == groups


def test_estimate_says_what_was_given_again():
    certificate = a_certificate()
    panel = saturated(panel_of(trial(certificate)), "training", "risk")
    found = estimate_effects(panel, randomisation=Randomisation(candidate_set(certificate), draws=199))
    assert [c.p["ri"] is None for c in found.coefficients] == [False, False, True]
    assert all(0 < c.p["ri_all"] <= 1 for c in found.coefficients)
    told = [text for text in found.warnings if text.startswith("ri")]
    assert len(told) == 4
    assert told[0].endswith(tuple("0123456789"))
    assert "control, training given again, the other stations as they are; p cannot be below" in told[0]
    assert told[2] == (
        "ri: training_x_risk: not computed; no other allocation leaves the other treatments as they are (see ri_all)"
    )
    assert told[3] == "ri_all: 199 seeded draws, all arms given again; right if none has any effect"


@pytest.mark.parametrize("effects", list(Effects))
@pytest.mark.parametrize("value", [1.0, 0.1, 1e9 / 7])
def test_an_outcome_that_does_not_vary_is_no_finding(effects, value):
    """What rounding leaves of it went one way or the other in whole stations, and had a p below .01."""
    certificate = eight_stations()
    data = trial(certificate)
    panel = replace(panel_of(data, covariates=("x",), effects=effects), outcome=np.full(len(data), value))
    found = estimate_effects(panel, randomisation=Randomisation(candidate_set(certificate), draws=99))
    for c in found.coefficients:
        assert (c.estimate, c.se["cr2"], c.p["cr2"], c.p["wild"]) == (0.0, 0.0, None, 1.0)
    assert [c.p["ri_all"] for c in found.coefficients] == [1.0, 1.0, None]


def by_trait(data, **more):
    """A panel whose effects differ by a trait of the woman, with what is centred of it by row."""
    trait = data.woman.map({woman: number % 5 for number, woman in enumerate(dict.fromkeys(data.woman))}).to_numpy(
        float
    )
    panel = by_moderator(panel_of(data, covariates=("x",), **more), "trait", trait, ("0", "1", "2"))
    return panel, trait - trait.mean()


@pytest.mark.parametrize("effects", list(Effects))
def test_coefficients_by_a_trait_of_every_way_equal_fitting_the_panel_again(effects):
    certificate = eight_stations()
    candidates, data = candidate_set(certificate), trial(certificate)
    weights = np.random.default_rng(1).uniform(0.5, 2, len(data)) if effects is Effects.TIME else None
    panel, centred = by_trait(data, effects=effects, weights=weights)
    cells, ways = cells_of(panel, candidates), ways_for_all(candidates, draws=99, seed=1).allocations[:25]
    found = coefficients_by_way(cells, ways, cells.outcome[:, None])[:, :, 0]
    place = {code: number for number, code in enumerate(candidates.stations)}
    for way, ours in zip(ways, found, strict=True):
        given = candidates.factors[way[data.station.map(place)]] * (data.wave > 0).to_numpy()[:, None]
        columns = [given, given * centred[:, None], panel.regressors[:, panel.treatments :]]
        again = replace(panel, regressors=np.column_stack(columns))
        assert ours == pytest.approx(fit_panel(again).coefficients[:4], rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("column", range(4))
def test_by_a_trait_no_more_than_alpha_of_the_draws_are_refused(column):
    certificate = eight_stations()
    candidates = candidate_set(certificate)
    cells = cells_of(by_trait(trial(certificate, seed=3))[0], candidates)
    groups = interchangeable(cells.exposure, candidates.factors, column % 2)
    ways = ways_to_give(candidates, groups, draws=99, seed=1).allocations
    found = coefficients_by_way(cells, ways, cells.outcome[:, None])[:, column, 0]
    p = np.array([share_as_large(np.roll(found, -number)) for number in range(len(ways))])
    assert all(np.mean(p <= alpha) <= alpha for alpha in (0.05, 0.2, 0.5))


def test_effects_by_a_womans_trait_have_p_of_no_effect_on_anybody_and_say_so():
    certificate = a_certificate("simple")
    panel, _ = by_trait(trial(certificate, women=8, effect=0.4))
    found = estimate_effects(panel, randomisation=Randomisation(candidate_set(certificate), draws=199))
    assert all(0 < c.p[method] <= 1 for c in found.coefficients[:4] for method in ("ri", "ri_all"))
    # One constant effect lies in the intervals of the first two; of how an effect differs there is none.
    assert [c.ci["ri"] is None for c in found.coefficients[:4]] == [False, False, True, True]
    told = [text for text in found.warnings if text.startswith("ri")]
    assert len(told) == 6
    assert (
        told[4]
        == "ri: by a trait it asks whether anybody has an effect at all, not whether it is the same for everybody"
    )


def test_station_of_another_study_is_refused():
    data = trial(a_certificate())
    data["station"] = "X" + data.station
    with pytest.raises(DesignInvalid, match=r"^the allocation has no station X"):
        cells_of(panel_of(data), candidate_set(a_certificate()))


def test_stations_without_rows_stay_in_the_draw():
    certificate = a_certificate("simple")
    data = trial(certificate)
    fewer = data[data.station != certificate["sample"][3]].reset_index(drop=True)
    candidates = candidate_set(certificate)
    test = randomisation_test(
        cells_of(after_baseline(panel_of(fewer)), candidates), candidates, 0, draws=99, seed=1
    )  # fmt: skip
    assert test.ways == 4900
    assert 0 < test.p <= 1


@pytest.fixture
def estimate(tmp_path):
    def run(data, certificate, *more):
        file, paper, out = tmp_path / "panel.csv", tmp_path / "allocation.json", tmp_path / "found.json"
        data.to_csv(file, index=False)
        paper.write_text(certificate if isinstance(certificate, str) else json.dumps(certificate))
        keys = ("--outcome", "y", "--unit", "woman", "--time", "wave", "--cluster", "station")
        options = ("--treatment", "training", "risk", *keys, "--certificate", str(paper), *more)
        call_command("estimate", "--data", str(file), *options, "--out", str(out))
        return json.loads(out.read_text())["coefficients"]

    return run


def test_command_writes_p_by_randomisation(estimate):
    certificate = a_certificate()
    first, second = estimate(trial(certificate), certificate, "--ri-draws", "199")
    assert 0 < first["p"]["ri"] <= 1
    assert 0 < second["p"]["ri"] <= 1
    assert first["ci"]["ri"][0] < first["estimate"] < first["ci"]["ri"][1]


def test_command_reads_which_letter_is_which_station(estimate, tmp_path):
    certificate = a_certificate()
    open_file = estimate(trial(certificate), certificate)
    letters = {code: chr(80 - number) for number, code in enumerate(certificate["sample"])}
    names = tmp_path / "stations.csv"
    names.write_text("cluster,station\n" + "".join(f"{letter},{code}\n" for code, letter in letters.items()))
    data = trial(certificate)
    blinded = estimate(data.assign(station=data.station.map(letters)), certificate, "--stations", str(names))
    assert [c["p"]["ri"] for c in blinded] == [c["p"]["ri"] for c in open_file]


def altered():
    certificate = a_certificate()
    certificate["candidates"]["sha256"] = "0" * 64
    return certificate


@pytest.mark.parametrize(
    ("certificate", "more", "sentence"),
    [
        ("nothing", (), r"allocation\.json: no JSON, so no certificate$"),
        ("[]", (), r"allocation\.json: no certificate$"),
        ("[" * 100_000, (), r"allocation\.json: no JSON, so no certificate$"),
        ({"format": "allocation-certificate/2"}, (), r"allocation\.json: the certificate lacks method$"),
        (altered(), (), r"allocation\.json: candidates: the certificate differs from what its seed draws"),
        (a_certificate(), ("--ri-draws", "5"), r"--ri-draws: expected 99 to 1,000,000 draws, not 5$"),
        (a_certificate(), ("--stations", "nowhere.csv"), r"nowhere\.csv: cannot be read as CSV$"),
        (a_certificate("simple", "09-09"), (), r"the allocation has no station "),
    ],
)
def test_command_refuses_in_one_line(estimate, certificate, more, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        estimate(trial(a_certificate()), certificate, *more)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n", r"stations\.csv: expected the header cluster,station$"),
        ("cluster,station\nA\n", r"stations\.csv, row 2: expected a cluster and a station$"),
        ("cluster,station\nA,1\nA,2\n", r"stations\.csv: a cluster or station is there twice$"),
    ],
)
def test_file_of_stations_that_is_wrong_is_refused(estimate, tmp_path, text, sentence):
    names = tmp_path / "stations.csv"
    names.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        estimate(trial(a_certificate()), a_certificate(), "--stations", str(names))
