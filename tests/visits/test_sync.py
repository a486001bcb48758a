"""Logs from phones without signal: each exactly once, whatever the line does; nothing that was written is dropped."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from risk.models import CurrentRisk
from safety.models import SafetyCase
from stations.models import Posting
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    PostingFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.visits.test_views import signed_in
from visits import services
from visits.log_content import content_sha256
from visits.models import LogConflict, Visit, VisitLog
from visits.services.log_writing import LOG_NOTE
from visits.sync_batch import SentLog

AT = NOW - timedelta(hours=2)


@pytest.fixture
def visit(field) -> Visit:
    return visit_at(field.by_risk)


def visit_at(station, **fields) -> Visit:
    return VisitFactory(plan=WeekPlanFactory(participant=ParticipantFactory(station=station)), **fields)


def written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sent(visit, *, log_id: UUID | None = None, at: datetime = AT, **content) -> SentLog:
    return SentLog(log_id or uuid4(), visit.pk, {"outcome": "met", "occurred_at": written(at), **content})


def sync(by, *logs: SentLog, skew: int | None = 0, now: datetime = NOW):
    return services.sync_logs(by=by, sent=logs, clock_skew_s=skew, now=now)


def statuses(results) -> list[int]:
    return [result.status for result in results]


def status_of(visit) -> str:
    return Visit.objects.get(pk=visit.pk).status


@pytest.mark.requirement("F20", "N3")
def test_a_new_log_is_kept_and_its_receipt_holds_its_hash(field, visit):
    log = sent(visit, note="Rosa pide otro día", present=["children"])

    (receipt,) = sync(field.officer, log)

    assert (receipt.status, receipt.received_at) == (201, NOW)
    assert receipt.content_sha256 == content_sha256(str(visit.pk), log.content)
    kept = VisitLog.objects.get()
    assert (kept.pk, kept.logged_by, kept.occurred_at, kept.present) == (log.id, field.officer, AT, ["children"])
    assert kept.content_sha256 != receipt.content_sha256  # the stored one is keyed: nobody guesses a short note from it
    assert sealing.unseal_text(visit.participant, kept.sealed_note, purpose=LOG_NOTE) == "Rosa pide otro día"
    assert (status_of(visit), kept.breaches, kept.clock_skew_s) == ("done", [], 0)
    events = Event.objects.order_by("pk").values_list("action", "object_id", "details")
    assert list(events) == [
        ("visits.log", str(visit.pk), {"outcome": "met", "was": "planned", "breaches": []}),
        ("visits.sync", "", {"201": 1, "clock_skew_s": 0}),
    ]


@pytest.mark.requirement("F20", "N3")
def test_the_same_again_has_the_first_receipt(field, visit):
    log = sent(visit)
    (first,) = sync(field.officer, log)
    again = sync(field.officer, log, log, now=NOW + timedelta(hours=1))

    assert statuses(again) == [200, 200]
    assert {(r.received_at, r.content_sha256) for r in again} == {(first.received_at, first.content_sha256)}
    assert VisitLog.objects.count() == 1


@pytest.mark.requirement("F20")
def test_a_log_of_the_page_sent_again_by_the_phone_is_the_same(field, visit):
    log = sent(visit, note="a")
    services.log_visit(by=field.officer, visit=visit, log_id=log.id, outcome="met", occurred_at=AT, note="a", now=NOW)
    assert statuses(sync(field.officer, log)) == [200]


@pytest.mark.requirement("F21", "N7")
@pytest.mark.parametrize("same_id", [True, False])
def test_other_content_and_a_second_log_are_kept_beside_the_first(field, visit, same_id):
    first, second_id = sent(visit, note="uno"), uuid4()
    second = sent(visit, log_id=first.id if same_id else second_id, outcome="refused", reason="afraid", note="dos")

    sync(field.officer, first)
    (answer,) = sync(field.supervisor, second)
    (again,) = sync(field.supervisor, second, now=NOW + timedelta(days=1))

    assert (answer.status, answer.code) == (409, "visit_log_conflict" if same_id else "already_logged")
    assert (answer.received_at, answer.content_sha256) == (NOW, content_sha256(str(visit.pk), second.content))
    assert again == answer
    conflict = LogConflict.objects.get()
    assert (conflict.first["outcome"], conflict.second["outcome"]) == ("met", "refused")
    assert (conflict.first_by, conflict.second_by) == (field.officer, field.supervisor)
    assert "note" not in conflict.first | conflict.second
    assert services.open_conflict(by=field.supervisor, conflict=conflict, now=NOW) == ("uno", "dos")
    assert VisitLog.objects.get().outcome == "met"


@pytest.mark.requirement("F21")
def test_conflicts_within_one_batch_are_conflicts_too(field, visit):
    first, second = sent(visit), sent(visit, outcome="nobody_home")
    assert statuses(sync(field.officer, first, second, second, first)) == [201, 409, 409, 200]
    assert (VisitLog.objects.count(), LogConflict.objects.count()) == (1, 1)


@pytest.mark.requirement("N7", "N22")
def test_danger_told_by_either_log_is_passed_on(field, visit):
    UserFactory(role=Role.SAFETY_OFFICER)
    CurrentRiskFactory(
        assessment=AssessmentFactory(participant=visit.participant), reassess_due_on=TODAY + timedelta(days=9)
    )
    happened = {"new_incident": "yes", "incident_type": "force", "incident_injury": "yes", "incident_weapon": "no"}

    sync(field.officer, sent(visit))
    assert not SafetyCase.objects.exists()
    sync(field.supervisor, sent(visit, safety_concern=True, **happened))

    assert SafetyCase.objects.get().rule == "officer_concern"
    assert CurrentRisk.objects.get().reassess_due_on == TODAY


@pytest.mark.requirement("F20")
@pytest.mark.parametrize(
    ("planned_on", "at", "skew", "breaches"),
    [
        (TODAY, AT, 300, []),
        (TODAY, AT, -301, ["clock_skew"]),
        (TODAY + timedelta(days=1), AT, 0, ["early"]),
        (TODAY - timedelta(days=1), AT, 0, []),
        (TODAY - timedelta(days=2), AT, 0, ["late"]),
        (TODAY, NOW + timedelta(minutes=5), 0, []),
        (TODAY, NOW + timedelta(minutes=6), 0, ["ahead"]),
        (TODAY, AT, None, []),
    ],
)
def test_a_soft_breach_is_kept_with_the_log(field, planned_on, at, skew, breaches):
    visit = visit_at(field.by_risk, planned_on=planned_on)
    assert statuses(sync(field.officer, sent(visit, at=at), skew=skew)) == [201]
    assert VisitLog.objects.get().breaches == breaches
    assert status_of(visit) == "done"


@pytest.mark.requirement("F20")
def test_a_log_of_a_visit_that_was_replanned_counts_beside_the_plan(field):
    old = visit_at(field.by_risk, status="superseded")
    VisitFactory(plan=old.plan)

    assert statuses(sync(field.officer, sent(old))) == [201]

    kept = Visit.objects.get(pk=old.pk)
    assert (kept.status, kept.is_unplanned, kept.log.breaches) == ("done", True, ["replanned"])


def test_a_missed_visit_is_logged_late(field):
    visit = visit_at(field.by_risk, status="missed")
    assert statuses(sync(field.officer, sent(visit))) == [201]
    assert status_of(visit) == "done"


def test_what_says_nothing_valid_is_refused_and_stops_nothing(field, visit):
    joined_later = visit_at(field.by_risk)
    joined_later.participant.enrolled_on = date(2026, 11, 19)
    joined_later.participant.save()
    left = visit_at(field.by_risk)
    left.participant.consents.update(ended_at=AT)
    elsewhere = visit_at(field.as_usual)
    wrong = sent(visit, outcome="refused")
    good = visit_at(field.by_risk)

    results = sync(field.officer, wrong, sent(joined_later), sent(left), sent(elsewhere), sent(good))

    assert [(r.status, r.code, r.field) for r in results] == [
        (422, "log_field_wrong", "reason"),
        (422, "log_before_enrolment", ""),
        (422, "consent_missing", ""),
        (422, "not_found", ""),
        (201, "", ""),
    ]
    assert {r.received_at for r in results[:4]} == {None}
    assert VisitLog.objects.get().visit_id == good.pk


def test_an_identifier_of_another_visits_log_is_not_taken_over(field, visit):
    log, other = sent(visit), visit_at(field.by_risk)
    sync(field.officer, log)
    (answer,) = sync(field.officer, sent(other, log_id=log.id))
    assert (answer.status, answer.code) == (422, "log_id_taken")


@pytest.mark.requirement("F34", "N22")
def test_what_she_wrote_while_she_served_there_counts_after_her_posting_ended(field, visit):
    UserFactory(role=Role.SAFETY_OFFICER)
    posting = Posting.objects.get(officer__user=field.officer)
    posting.ends_on = TODAY - timedelta(days=1)
    posting.save()
    PostingFactory(officer=posting.officer, station=field.as_usual, starts_on=TODAY)
    yesterday = visit_at(field.by_risk, planned_on=TODAY - timedelta(days=1))

    results = sync(field.officer, sent(yesterday, at=NOW - timedelta(days=1), safety_concern=True), sent(visit))

    assert statuses(results) == [201, 422]
    assert SafetyCase.objects.get().participant == yesterday.participant
    assert Event.objects.get(action="safety.raise_case").actor == "system:sync"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_no_other_role_syncs(field, visit, role):
    with pytest.raises(PermissionMissing):
        sync(UserFactory(role=role), sent(visit))


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_a_constant_number_of_queries(field, count, django_assert_num_queries):
    logs = [sent(visit_at(field.by_risk), note="a") for _n in range(count)]
    with django_assert_num_queries(14):
        sync(field.officer, *logs)


@pytest.mark.requirement("F20")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), cut=st.floats(0, 0.9))
def test_whatever_the_line_does_each_log_is_kept_once(field, seed, cut):
    rng = random.Random(seed)
    logs = [sent(visit_at(field.by_risk), note=str(n)) for n in range(8)]
    waiting = list(logs)
    while waiting:
        batch = rng.choices(waiting, k=rng.randint(1, 5))
        results = sync(field.officer, *batch)
        if rng.random() >= cut:  # otherwise the answer is lost after the commit
            done = {result.id for result in results if result.received_at}
            waiting = [log for log in waiting if log.id not in done]

    ours = [log.id for log in logs]
    assert Counter(VisitLog.objects.filter(pk__in=ours).values_list("pk", flat=True)) == Counter(ours)
    assert not LogConflict.objects.exists()


# --- The door ---


def post(client, body):
    return client.post(reverse("visit_sync"), body, content_type="application/json")


def on_the_wire(log: SentLog, **changes):
    return {"id": str(log.id), "visit": str(log.visit_id), **log.content, **changes}


@pytest.mark.requirement("F20", "F47")
def test_a_batch_is_answered_log_by_log_in_the_order_sent(field):
    now = timezone.now()
    visits = [visit_at(field.by_risk, planned_on=timezone.localdate(), grace_ends_at=now) for _n in range(3)]
    logs = [sent(visit, at=now - timedelta(minutes=3), note="  ñ ") for visit in visits]
    body = [on_the_wire(logs[0]), on_the_wire(logs[1], outcome="fine"), on_the_wire(logs[2]), {"id": "x"}]

    answer = post(signed_in(field.officer), {"sent_at": written(now + timedelta(minutes=10)), "logs": body})

    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(r["id"], r["status"], r["field"]) for r in results] == [
        (str(logs[0].id), 201, ""), (str(logs[1].id), 422, "outcome"), (str(logs[2].id), 201, ""), ("x", 422, "id"),
    ]  # fmt: skip
    tidied = {**logs[0].content, "note": "ñ"}
    assert results[0]["content_sha256"] == content_sha256(str(visits[0].pk), tidied)
    assert {log.clock_skew_s for log in VisitLog.objects.all()} <= set(range(540, 601))


@pytest.mark.parametrize(
    "body", [{}, {"logs": []}, {"logs": "x"}, {"logs": [1]}, {"logs": [{}] * 501}, {"logs": [{}], "sent_at": "gestern"}]
)
def test_a_batch_that_is_none_is_refused_whole(field, body):
    assert post(signed_in(field.officer), body).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"note": "a\x00b"},
        {"note": "\ud800"},
        {"note": 7.5e400},
        {"present": {"a": 1}},
        {"present": ["he"] * 50},
        {"occurred_at": "9999-99-99"},
        {"incident_on": 3},
        {"visit": None},
        {"id": ["x"]},
        {"id": "\ud800"},
    ],
    ids=str,
)
def test_hostile_content_is_a_refusal_of_that_log_only(field, visit, change):
    good = sent(visit_at(field.by_risk))
    answer = post(signed_in(field.officer), {"logs": [on_the_wire(sent(visit), **change), on_the_wire(good)]})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert [r["status"] for r in answer.json()["results"]] == [422, 201]


def test_strangers_are_refused(client):
    assert post(client, {"logs": [{}]}).status_code == 403
