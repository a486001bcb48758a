"""The synthetic study: repeatable, believable, and with effects that an estimate finds again."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from risk.scale_file import Scale
from risk.scale_parsing import parse_scale
from risk.scoring import score
from simulation import histories, outcomes, survey_waves
from simulation.people import draw_people, draw_uuids
from simulation.risk_answers import draw_forms, level_ranks
from simulation.survey_answers import NEVER, OFTEN, SOMETIMES
from simulation.world import (
    SettingsInvalid,
    StationPlan,
    World,
    WorldSettings,
    generate_world,
    world_digest,
    world_truth,
)

RISK_DATA = Path(__file__).resolve().parents[2] / "risk" / "data"
SMALL = WorldSettings(seed=11, as_of=date(2026, 11, 23), participants=320)
PLAN = StationPlan(
    training=np.array([False, True, False, True] * 4),
    risk_scale=np.array([False, False, True, True] * 4),
    reassess_days=(60, 30, 7, 3),
)


@pytest.fixture(scope="module")
def scale() -> Scale:
    name = "fvr_pareja.json"
    supplement = "fvr_pareja.supplement.json"
    return parse_scale((RISK_DATA / name).read_text(), name, (RISK_DATA / supplement).read_text(), supplement)


@pytest.fixture(scope="module")
def world(scale: Scale) -> World:
    return generate_world(SMALL, scale=scale, stations=PLAN)


@pytest.mark.requirement("N21")
def test_same_settings_give_the_same_world(scale: Scale, world: World) -> None:
    assert world_digest(generate_world(SMALL, scale=scale, stations=PLAN)) == world_digest(world)
    other = generate_world(replace(SMALL, seed=12), scale=scale, stations=PLAN)
    assert world_digest(other) != world_digest(world)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clusters": 6}, "clusters: expected a multiple of 4 (four arms of the same size), not 6"),
        ({"clusters": 108}, "clusters: expected a whole number from 4 to 104, not 108"),
        ({"participants": 5}, "participants: expected a whole number from 16 to 200000, not 5"),
        ({"months": 0}, "months: expected a whole number from 1 to 60, not 0"),
        ({"seed": -1}, f"seed: expected a whole number from 0 to {2**63 - 1}, not -1"),
    ],
)
def test_impossible_settings_are_refused_with_what_was_expected(changes: dict[str, int], sentence: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        replace(SMALL, **changes)
    assert str(refused.value) == sentence


def test_nothing_happens_before_enrolment_or_after_leaving(world: World) -> None:
    calendar = world.calendar
    assert (calendar.enrolled >= 0).all()
    assert calendar.enrolled.max() <= 3 * histories.DAYS_PER_MONTH
    woman, day = world.rereports
    assert (day > calendar.enrolled[woman]).all()
    assert (day < calendar.until[woman]).all()
    assessments = world.risk.assessments
    assert (assessments.day >= calendar.enrolled[assessments.woman]).all()
    assert (assessments.day < np.maximum(calendar.until, calendar.enrolled + 1)[assessments.woman]).all()


def test_identities_are_distinct_and_cannot_be_a_real_persons() -> None:
    people = draw_people(np.random.default_rng(1), 500)
    assert len({person.document for person in people}) == 500
    assert len({person.telephone for person in people}) == 500
    assert all(person.document.startswith("SIM") for person in people)
    assert all(len(person.telephone) == 9 and person.telephone.startswith("000") for person in people)
    assert all(person.address.endswith("(dato sintético)") for person in people)


def test_uuids_are_version_4_and_repeatable() -> None:
    first = draw_uuids(np.random.default_rng(5), 3)
    assert first == draw_uuids(np.random.default_rng(5), 3)
    assert all(text[14] == "4" and text[19] in "89ab" for text in first)


@pytest.mark.parametrize("icc", [0.01, 0.05, 0.10])
def test_measured_icc_is_close_to_the_setting(icc: float) -> None:
    clusters, size = 800, 25
    nobody = np.zeros(clusters * size, dtype=bool)
    drawn = outcomes.draw_outcomes(
        np.random.default_rng(3),
        settings=outcomes.DEFAULT_OUTCOMES,
        icc=icc,
        waves=3,
        station=np.repeat(np.arange(clusters), size),
        training=nobody,
        risk_scale=nobody,
    )
    for code in ("psychological", "physical", "sexual"):
        assert anova_icc(drawn.present[code][:, 2].reshape(clusters, size)) == pytest.approx(icc, rel=0.12, abs=0.008)
    response = drawn.response_items[:, 2].mean(axis=1).reshape(clusters, size)
    assert anova_icc(response) == pytest.approx(icc, rel=0.2, abs=0.01)


def test_outcomes_of_one_woman_go_together_and_fade(world: World) -> None:
    nobody = np.zeros(20_000, dtype=bool)
    drawn = outcomes.draw_outcomes(
        np.random.default_rng(4),
        settings=outcomes.DEFAULT_OUTCOMES,
        icc=0.02,
        waves=5,
        station=np.arange(20_000),
        training=nobody,
        risk_scale=nobody,
    )
    latent = drawn.latent["physical"]
    next_wave, last_wave = np.corrcoef(latent[:, 1], latent[:, 2])[0, 1], np.corrcoef(latent[:, 1], latent[:, 4])[0, 1]
    assert 0.5 < last_wave + 0.08 < next_wave < 0.8
    across = np.corrcoef(latent[:, 1], drawn.latent["psychological"][:, 1])[0, 1]
    assert 0.3 < across < 0.6


def test_baseline_is_high_without_any_treatment() -> None:
    untreated = outcomes.without_effects(outcomes.DEFAULT_OUTCOMES)
    nobody = np.zeros(8_000, dtype=bool)
    drawn = outcomes.draw_outcomes(
        np.random.default_rng(6),
        settings=untreated,
        icc=0.0,
        waves=2,
        station=np.arange(8_000),
        training=nobody,
        risk_scale=nobody,
    )
    shares = drawn.present["physical"].mean(axis=0)
    assert shares == pytest.approx([0.70, 0.40], abs=0.02)


def test_item_answers_agree_with_the_outcomes(world: World) -> None:
    for code, answers in world.item_answers.items():
        in_period = np.isin(answers, (OFTEN, SOMETIMES))
        assert (in_period.any(axis=2) == world.outcomes.present[code]).all()
        never = answers == NEVER
        assert (never[:, 1:] <= never[:, :-1]).all()
    unhurt = ~(world.outcomes.present["physical"] | world.outcomes.present["sexual"])
    assert not (unhurt & world.outcomes.present["injury"]).any()


def test_risk_levels_have_their_shares_and_forms_their_level(scale: Scale, world: World) -> None:
    ranks = level_ranks(np.random.default_rng(2).standard_normal(1600), 4)
    assert (np.bincount(ranks) / 1600) == pytest.approx([0.45, 0.30, 0.13, 0.12], abs=0.001)
    forms = draw_forms(np.random.default_rng(2), scale, per_level=20)
    for band, of_level in zip(scale.levels, forms, strict=True):
        for form in of_level:
            answered = {item: answer for item, answer in form.answers.items() if answer is not None}
            result = score(scale, answered, {})
            assert (result.level, result.complete, result.score) == (band.code, True, form.score)


def test_only_stations_that_visit_by_risk_reassess_on_a_calendar(world: World) -> None:
    by_risk = PLAN.risk_scale[world.women.station]
    counts = np.bincount(world.risk.assessments.woman, minlength=SMALL.women)
    reports = np.bincount(world.rereports[0], minlength=SMALL.women)
    assert (counts[~by_risk] <= 1 + reports[~by_risk]).all()
    assert counts[by_risk].mean() > 3 * counts[~by_risk].mean()


def test_rank_before_a_day_is_the_last_one_assessed() -> None:
    assessments = histories.Assessments(np.array([0, 0, 2]), np.array([3, 10, 5]), np.array([1, 2, 0]))
    woman, day = np.array([0, 0, 0, 0, 1, 2]), np.array([3, 4, 10, 11, 9, 6])
    assert histories.ranks_before(assessments, woman=woman, day=day).tolist() == [-1, 1, 1, 2, -1, 0]


def test_missing_surveys_follow_the_attrition_setting() -> None:
    rng = np.random.default_rng(9)
    women = 20_000
    enrolled = np.zeros(women, dtype=int)
    left, _ = histories.draw_leaving(rng, enrolled=enrolled, last_day=500)
    due = enrolled[:, None] + np.array([0, 91, 183, 274, 365])
    attrition = (0.0, 0.06, 0.09, 0.12, 0.15)
    waves = survey_waves.draw_survey_waves(
        rng, due=due, window_days=14, left=left, today=500, attrition=attrition, severity=np.zeros(women)
    )
    missing = (waves.state != survey_waves.DONE).mean(axis=0)
    assert missing == pytest.approx(attrition, abs=0.012)


def test_a_wave_whose_window_is_open_may_still_be_held_unless_she_left() -> None:
    due = np.array([[0, 90], [0, 90], [0, 90]])
    waves = survey_waves.draw_survey_waves(
        np.random.default_rng(1),
        due=due,
        window_days=14,
        left=np.array([999, 999, 40]),
        today=76,
        attrition=(0.0,),
        severity=np.zeros(3),
    )
    assert waves.state.tolist() == [
        [survey_waves.DONE, survey_waves.OPEN],
        [survey_waves.DONE, survey_waves.OPEN],
        [survey_waves.DONE, survey_waves.CANCELLED],
    ]


def test_two_way_effects_recover_the_truth() -> None:
    seeds, clusters, size = 40, 64, 12
    truth = outcomes.true_effects(outcomes.DEFAULT_OUTCOMES, 0.02, 5)
    station = np.repeat(np.arange(clusters), size)
    training, by_risk = station % 2 == 1, station // 2 % 2 == 1
    found = np.array(
        [panel_estimates(np.random.default_rng(seed), station, training, by_risk) for seed in range(seeds)]
    )
    wanted = [list(truth[code]["marginal"].values()) for code in ("psychological", "physical", "police_response")]
    error = found.std(axis=0, ddof=1) / seeds**0.5
    assert (error < 0.015).all()
    assert (np.abs(found.mean(axis=0) - wanted) < 3 * error + 0.002).all()


def test_truth_is_plain_json_and_names_the_effects() -> None:
    truth = json.loads(json.dumps(world_truth(SMALL)))
    assert truth["outcomes"]["physical"]["latent"] == {"training": -0.15, "risk_scale": -0.35, "interaction": -0.1}
    assert truth["outcomes"]["physical"]["marginal"]["risk_scale"] == pytest.approx(-0.117, abs=0.005)
    assert truth["police_rereports"]["rate_ratio"]["training"] == pytest.approx(1.1618, abs=1e-4)


def panel_estimates(
    rng: np.random.Generator, station: np.ndarray, training: np.ndarray, by_risk: np.ndarray
) -> np.ndarray:
    """Estimate the saturated model with woman and wave effects on one drawn panel: outcomes × 3 coefficients."""
    drawn = outcomes.draw_outcomes(
        rng,
        settings=outcomes.DEFAULT_OUTCOMES,
        icc=0.02,
        waves=5,
        station=station,
        training=training,
        risk_scale=by_risk,
    )
    after = np.arange(5) > 0
    treatments = [within(np.outer(arm, after).astype(float)).ravel() for arm in (training, by_risk, training & by_risk)]
    design = np.column_stack(treatments)
    measured = (drawn.present["psychological"], drawn.present["physical"], drawn.response_items.mean(axis=2))
    return np.array([solve(design, within(y.astype(float)).ravel()) for y in measured])


def solve(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return least-squares coefficients by the normal equations: three columns need no more."""
    return np.linalg.inv(design.T @ design) @ (design.T @ outcome)


def within(values: np.ndarray) -> np.ndarray:
    """Take out woman and wave means of a balanced panel."""
    return values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()


def anova_icc(values: np.ndarray) -> float:
    """Return the one-way analysis-of-variance ICC of clusters × members."""
    size = values.shape[1]
    between = size * values.mean(axis=1).var(ddof=1)
    inside = values.var(axis=1, ddof=1).mean()
    return float((between - inside) / (between + (size - 1) * inside))
