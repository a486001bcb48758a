import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.log_content import VisitAnswers, canonical_json, content_of, content_sha256, tidy

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "visit_log.json").read_text(encoding="utf-8"))
AT = datetime(2026, 11, 18, 15, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("vector", VECTORS["hashes"], ids=lambda vector: vector["name"])
def test_a_log_has_the_hash_that_the_phone_reckons(vector):
    assert canonical_json(vector["content"]) == vector["canonical"]
    assert content_sha256(vector["visit"], vector["content"]) == vector["sha256"]


def test_a_log_is_written_without_what_is_blank():
    assert content_of(outcome="met", occurred_at=AT, answers=VisitAnswers(), note=" \n") == {
        "outcome": "met", "occurred_at": "2026-11-18T15:00:00.123Z",
    }  # fmt: skip


def test_every_answer_is_written():
    answers = VisitAnswers(
        safety_concern=True, present=("neighbours", "he", "he"), next_contact="agreed",
        next_contact_on=date(2026, 11, 20), next_contact_from=time(9, 5),
    )  # fmt: skip
    at = AT.astimezone(timezone(timedelta(hours=-5)))

    assert content_of(outcome="met", occurred_at=at, answers=answers, note=" a\r\nb\t") == {
        "outcome": "met", "occurred_at": "2026-11-18T15:00:00.123Z", "safety_concern": True,
        "present": ["he", "neighbours"], "next_contact": "agreed", "next_contact_on": "2026-11-20",
        "next_contact_from": "09:05", "note": "a\nb",
    }  # fmt: skip


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


@given(st.sampled_from(["a", "b"]), st.booleans(), st.sampled_from(["", "yes", "no"]))
def test_other_answers_have_another_hash(note, concern, private):
    answers = VisitAnswers(safety_concern=concern, in_private=private)
    content = content_of(outcome="met", occurred_at=AT, answers=answers, note=note)
    other = content_of(outcome="met", occurred_at=AT, answers=replace(answers, safety_concern=not concern), note=note)
    assert content_sha256("v", content) != content_sha256("v", other)
    assert content_sha256("v", content) != content_sha256("w", content)
