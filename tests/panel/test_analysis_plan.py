"""The plan's file: what it may say, its hash, and what is exploratory beside it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

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


def test_new_reports_have_no_value_before_the_allocation_and_are_compared_after_it():
    assert [plan().main_model(code).code for code in OUTCOMES] == ["saturated"] * 5 + ["post"]


@pytest.mark.parametrize("model", ["by_wave", "attrition", "short", "none"])
def test_model_of_an_outcome_estimates_what_the_primary_one_does(model):
    with pytest.raises(PlanFileError, match=f"outcomes: model: expected one of .*, found {model}"):
        parse_plan(TEXT.replace('model = "post"', f'model = "{model}"'), name="x")


def test_hash_is_of_what_the_plan_says_and_not_of_how_it_is_written():
    lines = [line for line in TEXT.splitlines() if not line.startswith("#")]
    assert plan_sha256(parse_plan("\n\n".join(lines), name="x")) == plan_sha256(plan())
    assert plan_sha256(parse_plan(TEXT.replace("alpha = 0.05", "alpha = 0.10"), name="x")) != plan_sha256(plan())
    assert len(plan_sha256(plan())) == 64


OUTCOMES = ("psychological", "physical", "sexual", "injury", "police_response", "police_reports")
WRONG = [
    (
        "alpha = 0.05", "alpha = 0.7", "alpha: expected a number below 0.5, found 0.7",
        "alpha: se esperaba un número menor que 0.5, se encontró 0.7",
    ),
    (
        "alpha = 0.05", "alpha = 0", "alpha: expected a number above 0.0, found 0",
        "alpha: se esperaba un número mayor que 0.0, se encontró 0",
    ),
    (
        "alpha = 0.05", "alpha = ", "line 6, column 9: expected TOML 1.0", "línea 6, columna 9: se esperaba TOML 1.0",
    ),
    (
        'base = "0"\n', "", "base: missing; the file must say it", "base: falta; el archivo debe decirlo",
    ),
    (
        'base = "0"', 'base = "0"\nbases = 1', "bases: unknown key; check its spelling or take it out",
        "bases: clave desconocida; revise cómo se escribe o quítela",
    ),
    (
        'base = "0"', "base = 0", "base: expected a text in quotes, found 0",
        "base: se esperaba un texto entre comillas, se encontró 0",
    ),
    (
        'base = "0"', 'base = ""', "base: expected a text that is not empty, found ''",
        "base: se esperaba un texto que no esté vacío, se encontró ''",
    ),
    (
        "ri_draws = 10000", "ri_draws = 9", "ri_draws: expected a number of at least 99, found 9",
        "ri_draws: se esperaba un número de al menos 99, se encontró 9",
    ),
    (
        "ri_draws = 10000", "ri_draws = 2000000", "ri_draws: expected a number of at most 1000000, found 2000000",
        "ri_draws: se esperaba un número de a lo más 1000000, se encontró 2000000",
    ),
    (
        "seed = 20170104", 'seed = "7"', "seed: expected a whole number, found '7'",
        "seed: se esperaba un número entero, se encontró '7'",
    ),
    (
        "is_primary = true", 'is_primary = "yes"', "models[1].is_primary: expected true or false, found 'yes'",
        "models[1].is_primary: se esperaba true o false, se encontró 'yes'",
    ),
    (
        'kind = "ancova"', 'kind = "probit"',
        "models[3].kind: expected one of 'two-way', 'ancova', 'post', 'event', 'attrition', found 'probit'",
        "models[3].kind: se esperaba uno de 'two-way', 'ancova', 'post', 'event', 'attrition', se encontró 'probit'",
    ),
    (
        'unit = "woman"', 'unit = "Her name"',
        "columns.unit: expected at most 32 of a–z, 0–9 and _, beginning with a letter, found 'Her name'",
        "columns.unit: se esperaba a lo más 32 de a–z, 0–9 y _, comenzando por una letra, se encontró 'Her name'",
    ),
    (
        '["police_response"]', "[]", "families[2].outcomes: expected a list that is not empty, found []",
        "families[2].outcomes: se esperaba una lista que no esté vacía, se encontró []",
    ),
    (
        '["police_response"]', '"police_response"',
        "families[2].outcomes: expected a list in brackets, found 'police_response'",
        "families[2].outcomes: se esperaba una lista entre corchetes, se encontró 'police_response'",
    ),
    (
        "is_primary = true\n", "", "models: expected one with is_primary = true, found –",
        "models: se esperaba uno con is_primary = true, se encontró –",
    ),
    (
        'code = "short"', 'code = "saturated"', "models: expected each once, found twice saturated",
        "models: se esperaba cada uno una vez, se encontró dos veces saturated",
    ),
    (
        '"injury"]', '"injury", "sleep"]',
        f"families: outcomes: expected one of {', '.join(OUTCOMES)}, found sleep",
        f"families: outcomes: se esperaba uno de {', '.join(OUTCOMES)}, se encontró sleep",
    ),
    (
        ', "injury"]', "]", "outcomes: expected each in a family, which may be of one alone; found in none injury",
        "outcomes: se esperaba cada uno en una familia, que puede ser de uno solo; se encontró en ninguna injury",
    ),
    (
        '["police_response"]', '["injury"]', "families: outcomes: expected each once, found twice injury",
        "families: outcomes: se esperaba cada uno una vez, se encontró dos veces injury",
    ),
    (
        'model = "short"', 'model = "long"',
        "subgroups: model: expected one of saturated, short, ancova, post, by_wave, attrition, found long",
        "subgroups: model: se esperaba uno de saturated, short, ancova, post, by_wave, attrition, se encontró long",
    ),
    (
        'model = "short"', 'model = "by_wave"', "subgroups: expected a model that is not by wave, found by_wave",
        "subgroups: se esperaba un modelo que no sea por ola, se encontró by_wave",
    ),
]  # fmt: skip


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("old", "new", "english", "spanish"), WRONG)
def test_plan_that_does_not_hold_is_refused_with_its_place_in_either_language(language, old, new, english, spanish):
    assert old in TEXT
    with translation.override(language), pytest.raises(PlanFileError) as refused:
        parse_plan(TEXT.replace(old, new, 1), name="plan.toml")
    assert str(refused.value) == f"plan.toml: {english if language == 'en' else spanish}"


def test_every_problem_has_a_line_of_its_own():
    wrong = TEXT.replace("alpha = 0.05", "alpha = 0.7").replace('base = "0"\n', "")
    with pytest.raises(PlanFileError) as refused:
        parse_plan(wrong, name="plan.toml")
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == [" base", " alpha"]


def test_file_that_ends_within_a_value_says_so():
    with translation.override("en"), pytest.raises(PlanFileError) as refused:
        parse_plan(TEXT + 'more = """', name="plan.toml")
    assert str(refused.value).startswith("plan.toml: expected TOML 1.0, found an end within a value")


def test_survey_and_police_are_never_one_family():
    mixed = TEXT.replace('["police_response"]', '["police_response", "police_reports"]')
    start = mixed.index('[[families]]\ncode = "reports"')
    mixed = mixed[:start] + mixed[mixed.index("[[models]]") :]
    with translation.override("en"), pytest.raises(PlanFileError) as refused:
        parse_plan(mixed, name="plan.toml")
    assert str(refused.value) == "plan.toml: families: expected outcomes of one source, found both in response"


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
