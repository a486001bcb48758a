"""Sheets from phones without signal: each exactly once, scored here, and a late one never lowers what is held."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.models import Participant
from risk import services
from risk.models import Assessment, CurrentRisk, Lowering, PhoneSheet
from risk.scoring import score
from risk.services.assessing import ASSESSMENT_NOTE
from risk.sheet_content import LONGEST_BATCH, SentSheet, SheetMark, sheet_content, sheet_sha256
from safety.models import SafetyCase
from stations.models import Posting
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ScaleFactory,
    UserFactory,
)
from tests.participants.conftest import make_care
from tests.risk.scales import FVR
from tests.risk.test_scoring import ALL_NO, ALL_SI
from tests.visits.test_views import signed_in

AN_HOUR_AGO = NOW - timedelta(hours=1)
VERSION = {"code": "FVR_PAREJA", "version": "2019.1"}
HIGH = {"device_score": score(FVR, ALL_SI, {}).score, "device_level": "severo_2"}
LOW = {"device_score": 4, "device_level": "leve"}


def sheet(woman, answers=ALL_NO, *, sheet_id=None, at=AN_HOUR_AGO, scale=VERSION, **more) -> SentSheet:
    filled = {
        "participant": woman.study_code,
        "filled_at": at,
        "answers": answers,
        "overrides": {},
        "scale": scale,
        **(LOW if answers == ALL_NO else {}),
        **more,
    }
    return SentSheet(sheet_id or uuid4(), woman.study_code, sheet_content(filled))


def sync(by, *sheets, skew=0, now=NOW):
    return services.sync_sheets(by=by, sent=sheets, clock_skew_s=skew, now=now)


def marks() -> list[list[str]]:
    return list(PhoneSheet.objects.order_by("pk").values_list("marks", flat=True))


@pytest.mark.requirement("F20", "N3")
def test_a_sheet_is_scored_here_and_its_receipt_holds_its_hash(care, woman):
    sent = sheet(woman, own_rating=0, note="Rosa teme")

    (receipt,) = sync(care.officer, sent)

    assert (receipt.status, receipt.received_at, receipt.content_sha256) == (201, NOW, sheet_sha256(sent.content))
    kept = Assessment.objects.get()
    assert (kept.form_id, kept.assessed_at, kept.assessed_by, kept.score) == (sent.id, AN_HOUR_AGO, care.officer, 4)
    assert (kept.computed_level, kept.own_rating, kept.is_complete) == ("leve", 0, True)
    assert sealing.unseal_text(woman, kept.sealed_note, purpose=ASSESSMENT_NOTE) == "Rosa teme"
    assert (kept.from_phone.marks, kept.from_phone.device_score) == ([], 4)
    held = CurrentRisk.objects.get()
    assert (held.level, held.replan_pending, held.since) == ("leve", True, AN_HOUR_AGO)
    events = Event.objects.order_by("pk").values_list("action", "object_id", "details")
    assert list(events) == [
        (
            "risk.assess",
            woman.study_code,
            {
                "scale": "FVR_PAREJA 2019.1",
                "complete": True,
                "level": "leve",
                "raised": False,
                "proposes": "",
                "alerts": [],
                "marks": [],
            },
        ),
        ("risk.sync", "", {"201": 1, "clock_skew_s": 0}),
    ]


@pytest.mark.requirement("F20")
def test_the_same_again_has_the_first_receipt(care, woman):
    sent = sheet(woman)
    (first,) = sync(care.officer, sent)
    again = sync(care.officer, sent, sent, now=NOW + timedelta(hours=1))
    assert [result.status for result in again] == [200, 200]
    assert {(result.received_at, result.content_sha256) for result in again} == {(NOW, first.content_sha256)}
    assert Assessment.objects.count() == 1


@pytest.mark.requirement("F21", "N7")
def test_another_content_is_kept_beside_the_first_and_its_danger_counts(care, woman, safety_officer):
    first = sheet(woman)
    second = sheet(woman, ALL_SI, sheet_id=first.id, **HIGH)

    sync(care.officer, first)
    (answer,) = sync(care.supervisor, second)
    (again,) = sync(care.supervisor, second, now=NOW + timedelta(days=1))

    assert (answer.status, answer.code, answer.received_at) == (409, "sheet_conflict", NOW)
    assert answer.content_sha256 == sheet_sha256(second.content)
    assert again == answer
    assert [assessment.computed_level for assessment in Assessment.objects.order_by("pk")] == ["leve", "severo_2"]
    assert CurrentRisk.objects.get().level == "severo_2"
    assert SafetyCase.objects.exists()
    assert marks() == [[], ["other_content"]]


def test_an_identifier_of_another_womans_sheet_is_refused(care, woman):
    first = sheet(woman)
    sync(care.officer, first)
    (refused,) = sync(care.officer, sheet(ParticipantFactory(station=care.station), sheet_id=first.id))
    assert (refused.status, refused.code, refused.received_at) == (422, "log_id_taken", None)


@pytest.mark.requirement("F24")
def test_where_the_phone_counted_otherwise_the_server_holds_and_it_is_marked(care, woman):
    (receipt,) = sync(care.officer, sheet(woman, ALL_SI, device_score=4, device_level="leve", officer_level="leve"))
    assert receipt.status == 201
    kept = Assessment.objects.get()
    assert (kept.level, kept.from_phone.device_level, kept.raised_reason) == ("severo_2", "leve", "")
    assert marks() == [["score_differs"]]


def test_an_officer_raises_on_the_phone_with_a_reason(care, woman):
    without, other = sheet(woman, officer_level="severo_1"), sheet(woman, officer_level="severo_1", reason="other")
    raised = sheet(woman, officer_level="severo_1", reason="her_fear")
    unknown = sheet(woman, officer_level="enorme")

    results = sync(care.officer, without, other, raised, unknown)

    assert [result.code for result in results] == ["raise_needs_reason", "raise_needs_reason", "", "answer_unknown"]
    assert (CurrentRisk.objects.get().level, Assessment.objects.get().raised_reason) == ("severo_1", "her_fear")


@pytest.mark.requirement("N12")
@pytest.mark.parametrize(("answers", "level"), [(ALL_NO, "severo_1"), (ALL_SI, "severo_2")])
def test_a_sheet_that_a_newer_one_overtook_only_raises(care, woman, answers, level):
    newer = AssessmentFactory(participant=woman, assessed_at=NOW, level="severo_1", level_rank=2)
    CurrentRiskFactory(assessment=newer, reassess_due_on=TODAY + timedelta(days=7))

    (receipt,) = sync(
        care.officer, sheet(woman, answers, at=NOW - timedelta(days=3), **(HIGH if answers == ALL_SI else {}))
    )

    assert receipt.status == 201
    held = CurrentRisk.objects.get()
    assert held.level == level
    assert not Lowering.objects.exists()
    if answers == ALL_NO:
        assert (held.reassess_due_on, held.assessment) == (TODAY + timedelta(days=7), newer)
    assert {"overtaken", "late"} <= set(marks()[0])


def test_a_complete_lower_sheet_proposes_to_lower(care, woman):
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman, level="severo_1", level_rank=2))
    sync(care.officer, sheet(woman))
    assert (CurrentRisk.objects.get().level, Lowering.objects.get().to_level) == ("severo_1", "leve")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answers": {"99": "si"}}, "answer_unknown"),
        ({"answers": {"1": "quizás"}}, "answer_unknown"),
        ({"answers": {}}, "form_is_blank"),
        ({"answers": {"__proto__": "si"}}, "answer_unknown"),
        ({"at": NOW - timedelta(days=4000)}, "sheet_before_enrolment"),
    ],
)
def test_what_cannot_be_accepted_says_why_and_stops_no_other(care, woman, changes, code):
    good = sheet(woman)
    refused, kept = sync(care.officer, sheet(woman, **changes), good)
    assert (refused.status, refused.code, refused.received_at, kept.status) == (422, code, None, 201)


def test_what_was_filled_in_before_she_ended_her_consent_is_kept_and_after_it_is_not(care, woman):
    woman.consents.filter(scope="visits").update(ended_at=NOW - timedelta(hours=2))
    before, after = sync(care.officer, sheet(woman, at=NOW - timedelta(hours=3)), sheet(woman, at=AN_HOUR_AGO))
    assert (before.status, after.status, after.code) == (201, 422, "consent_missing")


def test_after_she_left_a_sheet_is_kept_and_changes_no_level(care, woman, safety_officer):
    Participant.objects.filter(pk=woman.pk).update(status="withdrawn")
    (receipt,) = sync(care.officer, sheet(woman, ALL_SI, **HIGH))
    assert (receipt.status, CurrentRisk.objects.exists(), marks()) == (201, False, [["left"]])
    assert SafetyCase.objects.exists()


@pytest.mark.requirement("F20")
def test_an_officer_who_served_there_then_is_heard_and_a_stranger_is_not(care, woman):
    Posting.objects.filter(officer__user=care.officer).update(ends_on=TODAY - timedelta(days=1))
    then, now, strange = (
        sync(care.officer, sheet(woman, at=NOW - timedelta(days=2))),
        sync(care.officer, sheet(woman)),
        sync(care.stranger, sheet(woman)),
    )
    assert [results[0].status for results in (then, now, strange)] == [201, 422, 422]
    assert strange[0].code == "not_found"


def test_hours_that_cannot_be_are_marked(care, woman):
    sync(care.officer, sheet(woman, at=NOW + timedelta(hours=2)), skew=7200)
    assert marks() == [["ahead", "clock_skew"]]
    assert Assessment.objects.get().assessed_at == NOW


def test_a_version_that_is_not_in_force_is_marked(care, woman):
    sync(care.officer, sheet(woman, scale={"code": "FVR_PAREJA", "version": "1"}))
    assert marks() == [["other_version"]]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_no_other_role_sends_sheets(care, woman, role):
    with pytest.raises(PermissionMissing):
        sync(UserFactory(role=role), sheet(woman))


@pytest.mark.parametrize("women", [1, 3])
def test_sheets_sent_again_take_as_many_queries_for_many_as_for_one(care, women, django_assert_num_queries):
    sheets = [sheet(ParticipantFactory(station=care.station)) for _ in range(women)]
    sync(care.officer, *sheets)
    with django_assert_num_queries(10):
        assert {result.status for result in sync(care.officer, *sheets)} == {200}


@pytest.mark.requirement("F20")
def test_the_same_sheet_by_two_lines_at_once_is_one(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    care = make_care()
    sent, together = sheet(ParticipantFactory(station=care.station)), Barrier(2)

    def send(_line: int) -> int:
        together.wait()
        try:
            return sync(care.officer, sent)[0].status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [200, 201]
    assert Assessment.objects.count() == 1


# --- Over the line ---------------------------------------------------------------------------------------------------


def post(user, sheets):
    body = {"sent_at": NOW.isoformat(), "sheets": sheets}
    return signed_in(user).post(reverse("sheet_sync"), body, content_type="application/json")


def on_the_wire(sent: SentSheet) -> dict:
    return {"id": str(sent.id), **sent.content}


def test_a_batch_over_the_line_answers_each_in_order_and_calls_the_planner(
    care, woman, django_capture_on_commit_callbacks
):
    good = on_the_wire(sheet(woman)) | {"own_rating": None, "officer_level": ""}
    good["overrides"] = {"pregnancy": None}
    bad = {"id": "x", "participant": woman.study_code}
    with django_capture_on_commit_callbacks() as callbacks:
        answer = post(care.officer, [bad, good])
    results = answer.json()["results"]
    assert [(result["status"], result["code"]) for result in results] == [(422, "unreadable"), (201, "")]
    assert results[1]["content_sha256"] == sheet_sha256({k: v for k, v in good.items() if k != "id"})
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"answers": []},
        {"answers": {str(n): "si" for n in range(201)}},
        {"answers": {"1": {"si": 1}}},
        {"answers": {"1": "s" * 33}},
        {"own_rating": 11},
        {"device_score": 10**30},
        {"device_score": "muchos"},
        {"filled_at": "9999-12-31T23:59:59-05:00"},
        {"filled_at": "0001-01-01T00:00:00+05:00"},
        {"filled_at": 5},
        {"scale": "FVR"},
        {"scale": {"code": "FVR_PAREJA"}},
        {"participant": None},
        {"visit": "hers"},
        {"reason": "because"},
        {"note": "a" * 4001},
        {"note": "\x00"},
    ],
)
def test_what_cannot_be_read_is_refused_alone(care, woman, change):
    other = ParticipantFactory(station=care.station)
    bad, good = on_the_wire(sheet(woman)) | change, on_the_wire(sheet(other))
    results = post(care.officer, [bad, good]).json()["results"]
    assert [(result["status"], result["code"]) for result in results] == [(422, "unreadable"), (201, "")]


def test_too_many_sheets_are_refused_whole(care, woman):
    assert post(care.officer, [{"id": "1"}] * (LONGEST_BATCH + 1)).status_code == 400
    assert post(care.officer, []).status_code == 400


def test_every_mark_has_a_label():
    assert all(str(mark.label) for mark in SheetMark)
