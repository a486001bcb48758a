"""The log's one declaration: what is asked when, and what a log must say. Shared with the phone by its vectors."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.api import VisitLogSerializer
from visits.forms import VisitLogForm
from visits.log_content import VisitAnswers
from visits.log_fields import FIELDS, LOG_FIELDS, PROBLEMS, REASONS, Kind, Outcome, as_data, problems
from visits.models import VisitLog

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "visit_log.json").read_text(encoding="utf-8"))
DAY = "2026-11-18"
APART = {"outcome", "occurred_at", "note"}


def found(content: dict, day: str = DAY) -> list[list[str]]:
    return [[problem.field, problem.code] for problem in problems(content, day)]


@pytest.mark.requirement("F24")
@pytest.mark.parametrize("vector", VECTORS["problems"], ids=lambda vector: vector["name"])
def test_a_log_is_judged_as_on_the_phone(vector):
    assert found(vector["content"], vector["visit_day"]) == vector["problems"]


def test_every_problem_has_a_vector():
    assert {code for vector in VECTORS["problems"] for _field, code in vector["problems"]} == set(PROBLEMS)


def test_every_door_has_the_declared_fields():
    answers = {field.name for field in fields(VisitAnswers)}
    columns = {field.name for field in VisitLog._meta.concrete_fields} - {
        "id", "visit", "received_at", "logged_by", "content_sha256", "sealed_note", "breaches", "clock_skew_s",
    }  # fmt: skip
    form = VisitLogForm()
    assert answers == set(FIELDS) - APART
    assert columns == set(FIELDS) - {"note"}
    assert set(VisitLogSerializer().fields) == {"id", *FIELDS}
    assert set(form.parts) == set(FIELDS)
    assert {part.name for parts in form.parts.values() for part in parts} == set(form.fields) - {"log_id"}


def test_every_choice_of_a_field_can_be_stored():
    for declared in LOG_FIELDS:
        if declared.kind == Kind.CHOICE:
            assert {choice.value for choice in declared.choices} <= set(
                dict(VisitLog._meta.get_field(declared.name).choices)
            )


def test_conditions_name_earlier_fields_and_their_answers():
    asked: dict[str, set[str]] = {}
    for declared in LOG_FIELDS:
        for conditions in (declared.asked_if, *(choice.asked_if for choice in declared.choices)):
            for name, answers in conditions.items():
                assert set(answers) <= asked[name] | {""}
        asked[declared.name] = {choice.value for choice in declared.choices}


def test_declaration_goes_to_the_phone_as_json():
    data = as_data()
    assert json.loads(json.dumps(data)) == data
    assert [field["name"] for field in data["fields"]] == list(FIELDS)


@pytest.mark.requirement("N6")
def test_the_common_case_is_one_answer():
    assert found({"outcome": "met", "occurred_at": "2026-11-18T15:00:00.000Z"}) == []


@given(
    st.sampled_from(Outcome.values),
    st.dictionaries(
        st.sampled_from([name for name in FIELDS if name != "outcome"]),
        st.sampled_from(["", "yes", "no", "other", "agreed", "2026-11-18", "09:30", True, False, ["alone"], ["he"]]),
    ),
)
def test_what_is_not_asked_is_never_required_and_what_was_answered_in_vain_is_told(outcome, rest):
    content = {**rest, "outcome": outcome}
    told = dict(found(content))
    for declared in LOG_FIELDS:
        is_asked = all(content.get(name, "") in answers for name, answers in declared.asked_if.items())
        if not is_asked:
            assert told.get(declared.name) == ("not_asked" if content.get(declared.name) else None)


def test_a_reason_is_asked_of_every_visit_that_failed_on_somebody():
    without = {Outcome.MET, Outcome.NOBODY_HOME}
    assert set(Outcome) - without == set(REASONS)
    for outcome in Outcome:
        moment = {"outcome": str(outcome), "occurred_at": "2026-11-18T15:00:00.000Z"}
        assert found(moment) == ([] if outcome in without else [["reason", "required"]])
