"""Reassessments that nobody made and lowerings that nobody decided go to somebody above."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import PermissionMissing
from audit.models import Event
from risk import services
from risk.models import CurrentRisk, Lowering
from risk.tasks import SWEEPER, escalate_waiting
from safety.models import SafetyAction, SafetyCase
from safety.services import record_action
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    LoweringFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ScaleFactory,
    StationFactory,
    lock_allocation,
)
from tests.participants.test_views import signed_in
from tests.risk.test_scoring import ALL_SI
from tests.risk.test_services import assess

DAY = timedelta(days=1)


def held(woman, *, rank=0, overdue=0):
    codes = ("leve", "moderado", "severo_1", "severo_2")
    assessment = AssessmentFactory(participant=woman, level=codes[rank], level_rank=rank)
    return CurrentRiskFactory(assessment=assessment, reassess_due_on=TODAY - overdue * DAY)


def sweep(now=NOW):
    return services.escalate_waiting(by=SWEEPER, now=now)


@pytest.mark.requirement("F15")
@pytest.mark.parametrize(
    ("rank", "overdue", "first", "second"),
    [
        # overdue_days of the protocol is 2: on the third day a high level goes on to the safety officer.
        (3, 0, "", ""),
        (3, 1, "supervisor", "supervisor"),
        (3, 2, "supervisor", "supervisor"),
        (3, 3, "supervisor", "safety_officer"),
        (2, 3, "supervisor", "safety_officer"),
        (1, 30, "supervisor", "supervisor"),
    ],
)
def test_an_overdue_reassessment_goes_up_step_by_step(care, woman, rank, overdue, first, second):
    risk = held(woman, rank=rank, overdue=overdue)

    steps = []
    for _time in range(2):
        sweep()
        risk.refresh_from_db()
        steps.append(risk.escalated_to)

    assert steps == [first, second]


@pytest.mark.requirement("F15", "N22")
@pytest.mark.parametrize("arm", ["control", "training", "risk_scale", "both"])
def test_a_high_reassessment_that_nobody_makes_is_a_case_once_whatever_the_arm(db, arm):
    ProtocolVersionFactory()
    ScaleFactory()
    station = StationFactory()
    lock_allocation({station: arm})
    woman = ParticipantFactory(station=station)
    risk = held(woman, rank=2, overdue=3)

    counts = [sweep() for _time in range(4)]

    assert counts == [1, 1, 0, 0]
    case = SafetyCase.objects.get()
    assert (case.participant, case.rule, case.severity, case.times) == (woman, "reassessment_overdue", "ordinary", 1)
    assert (case.origin, case.origin_id, case.raised_by) == ("overdue", str(risk.assessment_id), None)


def test_after_a_new_sheet_the_next_wait_is_a_case_of_its_own(care, woman, safety_officer):
    held(woman, rank=3, overdue=3)
    sweep()
    sweep()
    case = SafetyCase.objects.get()
    record_action(by=safety_officer, case=case, kind=SafetyAction.Kind.TOLD_STATION, note="", now=NOW)
    assess(care.officer, woman, ALL_SI)
    later = NOW + 9 * DAY

    assert [sweep(later), sweep(later), sweep(later)] == [1, 1, 0]
    assert SafetyCase.objects.filter(rule="reassessment_overdue").latest("pk").follows == case


def test_two_sweeps_at_once_raise_one_case(committed_study):
    ProtocolVersionFactory()
    ScaleFactory()
    held(ParticipantFactory(), rank=3, overdue=3)
    sweep()
    together = Barrier(2)

    def run(_number):
        together.wait()
        try:
            return sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 1]
    assert SafetyCase.objects.get().times == 1


def test_the_sweep_moves_nothing_twice_and_says_nothing_when_nothing_moved(care, woman):
    held(woman, overdue=1)

    assert [sweep(), sweep(), sweep(NOW + timedelta(hours=1))] == [1, 0, 0]
    assert CurrentRisk.objects.get().escalated_at == NOW
    assert [event.details for event in Event.objects.filter(action="risk.escalate_waiting")] == [
        {"to_safety_officer": 0, "to_supervisor": 1, "lowerings": 0}
    ]


@pytest.mark.parametrize("status", ["paused", "moved", "withdrawn", "completed"])
def test_nobody_is_told_of_a_woman_who_is_not_in_follow_up(care, woman, status):
    held(woman, rank=3, overdue=9)
    woman.status = status
    woman.save()

    assert sweep() == 0


def test_a_new_sheet_ends_the_escalation(care, woman):
    held(woman, rank=3, overdue=1)
    sweep()

    assess(care.officer, woman, ALL_SI)

    risk = CurrentRisk.objects.get()
    assert (risk.escalated_to, risk.escalated_at) == ("", None)


def test_a_lowering_past_its_time_is_marked_once(care):
    late, early = LoweringFactory(due_at=NOW), LoweringFactory(due_at=NOW + timedelta(minutes=1))

    assert [sweep(), sweep()] == [1, 0]
    marked = dict(Lowering.objects.values_list("pk", "escalated_at"))
    assert marked == {late.pk: NOW, early.pk: None}


def test_escalating_needs_the_permission(db):
    with pytest.raises(PermissionMissing):
        services.escalate_waiting(by=SystemActor("test", frozenset()), now=NOW)


def test_the_task_calls_the_service(care, woman):
    held(woman, overdue=1)
    CurrentRisk.objects.update(reassess_due_on=timezone.localdate() - DAY)

    escalate_waiting()

    assert CurrentRisk.objects.get().escalated_to == "supervisor"


def test_sheets_due_are_ordered_by_level_and_days(care):
    today = timezone.localdate()

    def due(rank, overdue):
        risk = held(ParticipantFactory(station=care.station), rank=rank)
        CurrentRisk.objects.filter(pk=risk.pk).update(reassess_due_on=today - overdue * DAY)
        return risk.participant

    low, high, higher, later = due(0, 40), due(3, 1), due(3, 9), due(1, 0)
    without = ParticipantFactory(station=care.station)
    due(2, -1)
    held(ParticipantFactory(), overdue=9)

    response = signed_in(care.officer).get(reverse("reassessment_list"))

    rows = response.context["rows"]
    assert [(row.participant, row.days_overdue) for row in rows] == [
        (without, 0), (higher, 9), (high, 1), (later, 0), (low, 40),
    ]  # fmt: skip
    page = response.content.decode()
    assert "9 días de atraso" in page
    assert "aún sin ficha" in page


def test_an_incomplete_sheet_says_how_many_are_missing_on_every_list(care, woman):
    assess(care.officer, woman, {"1": "no"})
    client = signed_in(care.supervisor)

    for name in ("participant_list", "reassessment_list"):
        assert "faltan 19" in client.get(reverse(name)).content.decode()
    assess(care.officer, woman, ALL_SI)
    assess(care.officer, woman, {"1": "no"})
    history = client.get(reverse("risk_history", args=[woman.study_code])).content.decode()
    assert "Incompleta: faltan 19." in history
