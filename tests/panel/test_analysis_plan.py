"""The plan's file: what it may say, its hash, and what is exploratory beside it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from panel import analysis_plan
from panel.analysis_plan import AnalysisPlan, PlanFileError, file_model, is_planned, parse_plan, plan_sha256
from panel.model_choice import ModelKind
from panel.tables.panel_wave import panel_wave
from panel.tables.vocabulary import StudyTerms
from tests.fixtures.databases import CHECKOUT

FILE = Path(CHECKOUT) / "panel" / "plans" / "peru_home_visits.toml"
TEXT = FILE.read_text(encoding="utf-8")


def plan() -> AnalysisPlan:
    return parse_plan(TEXT, name=FILE.name)


@pytest.mark.requirement("F46")
def test_shipped_plan_has_the_saturated_model_first():
    assert plan().primary.code == "saturated"
    assert plan().primary.treatments == ["training", "risk_scale", "training_x_risk_scale"]
    assert [family.code for family in plan().families] == ["violence", "response", "reports"]


def test_hash_is_of_what_the_plan_says_and_not_of_how_it_is_written():
    lines = [line for line in TEXT.splitlines() if not line.startswith("#")]
    assert plan_sha256(parse_plan("\n\n".join(lines), name="x")) == plan_sha256(plan())
    assert plan_sha256(parse_plan(TEXT.replace("alpha = 0.05", "alpha = 0.10"), name="x")) != plan_sha256(plan())
    assert len(plan_sha256(plan())) == 64


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("alpha = 0.05", "alpha = 0.7", "plan.toml: alpha: Input should be less than 0.5, found 0.7"),
        ("alpha = 0.05", "alpha = ", "plan.toml: not valid TOML: "),
        ('base = "0"\n', "", "plan.toml: base: missing; the file must say it"),
        ('base = "0"', 'base = "0"\nbases = 1', "plan.toml: bases: unknown key; check its spelling or take it out"),
        ("is_primary = true\n", "", "plan.toml: models: exactly one is primary, found none"),
        ('code = "short"', 'code = "saturated"', "plan.toml: models: saturated there twice"),
        ('"injury"]', '"injury", "sleep"]', "plan.toml: families: no outcome sleep"),
        (', "injury"]', "]", "plan.toml: outcomes: injury in no family; one outcome may be a family of its own"),
        ('["police_response"]', '["injury"]', "plan.toml: families: outcomes: injury there twice"),
        ('model = "short"', 'model = "long"', "plan.toml: subgroups: no model long"),
        (
            'model = "short"',
            'model = "by_wave"',
            "plan.toml: subgroups: effects by wave are not asked by a trait as well",
        ),
        ('kind = "ancova"', 'kind = "probit"', "plan.toml: models[3].kind: Input should be 'two-way'"),
    ],
)
def test_plan_that_does_not_hold_is_refused_with_its_place(old, new, sentence):
    assert old in TEXT
    with pytest.raises(PlanFileError) as refused:
        parse_plan(TEXT.replace(old, new, 1), name="plan.toml")
    assert str(refused.value).startswith(sentence)


def test_survey_and_police_are_never_one_family():
    mixed = TEXT.replace('["police_response"]', '["police_response", "police_reports"]')
    start = mixed.index('[[families]]\ncode = "reports"')
    mixed = mixed[:start] + mixed[mixed.index("[[models]]") :]
    with pytest.raises(PlanFileError, match=r"response mixes what the survey and what the police recorded$"):
        parse_plan(mixed, name="plan.toml")


def test_whatever_is_not_in_the_plan_is_exploratory():
    found = plan()
    short = next(model for model in found.models if model.code == "short")
    model = file_model(found, "physical", short)
    assert is_planned(found, model, ModelKind.TWO_WAY)
    assert is_planned(found, file_model(found, "physical", short, subgroup=found.subgroups[0]), ModelKind.TWO_WAY)
    assert not is_planned(found, model, ModelKind.ANCOVA)
    assert not is_planned(found, replace(model, outcome="physical_score"), ModelKind.TWO_WAY)
    assert not is_planned(found, replace(model, covariates=("age_band",)), ModelKind.TWO_WAY)
    assert not is_planned(found, replace(model, moderator="age_band"), ModelKind.TWO_WAY)


def test_every_column_of_the_shipped_plan_is_in_the_data_set():
    terms = StudyTerms(waves=(), groups=4, levels=())
    names = {column.name for column in panel_wave(terms).columns}
    found = plan()
    asked = {
        name
        for outcome in found.outcomes
        for model in found.models
        for name in file_model(found, outcome.code, model).numeric
    }
    assert asked | {group.column for group in found.subgroups} | set(found.columns.model_dump().values()) <= names


def test_plan_is_plain_data():
    assert AnalysisPlan.model_validate(tomllib.loads(TEXT)) == plan()
    assert analysis_plan.plan_sha256(plan()) == plan_sha256(AnalysisPlan.model_validate(plan().model_dump()))
