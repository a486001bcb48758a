"""Visits missed one after the other at a high level come before the safety officer, in every arm by one rule."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.roles import Role
from audit.models import Event
from safety.models import SafetyAction, SafetyCase
from safety.services import record_action
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
    lock_allocation,
)
from visits import services, tasks
from visits.services.participation import PLANNER


def woman_with(states: dict[int, str], *, level="severo_1", arm="control"):
    """A woman at a level whose visits so many days ago came to these states."""
    ProtocolVersionFactory()
    station = StationFactory()
    lock_allocation({station: arm})
    woman = ParticipantFactory(station=station)
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman, level=level))
    for days_ago, state in states.items():
        miss(woman, days_ago, state)
    return woman


def miss(woman, days_ago: int, state="missed", *, changed_at=NOW):
    plan = WeekPlanFactory(participant=woman, monday=TODAY - timedelta(days=2 + 7 * (days_ago + 1)))
    return VisitFactory(
        plan=plan, planned_on=TODAY - timedelta(days=days_ago), status=state, status_changed_at=changed_at
    )


def sweep(now=NOW) -> int:
    return services.raise_missed_in_a_row(by=PLANNER, now=now)


@pytest.mark.requirement("N22")
@pytest.mark.django_db
@pytest.mark.parametrize("arm", ["control", "training", "risk_scale", "both"])
@pytest.mark.parametrize(
    ("level", "states", "raised"),
    [
        ("severo_1", {1: "missed", 3: "missed"}, 1),
        ("severo_2", {1: "missed", 8: "missed"}, 1),
        ("severo_2", {1: "missed", 9: "missed"}, 0),
        ("moderado", {1: "missed", 3: "missed"}, 0),
        ("severo_1", {1: "missed", 2: "attempted", 3: "missed"}, 0),
        ("severo_1", {1: "done", 2: "missed", 3: "missed"}, 0),
        ("severo_1", {1: "missed", 2: "superseded", 3: "missed"}, 1),
        ("severo_1", {0: "planned", 1: "missed", 3: "missed"}, 1),
        ("severo_1", {1: "missed"}, 0),
        ("severo_1", {8: "missed", 9: "missed"}, 0),  # long over
    ],
)
def test_two_in_a_row_at_a_high_level_are_looked_into_whatever_the_arm(arm, level, states, raised):
    woman = woman_with(states, level=level, arm=arm)
    assert sweep() == raised
    assert SafetyCase.objects.filter(participant=woman, rule="missed_visits", raised_by=None).count() == raised


@pytest.mark.django_db
def test_the_same_visits_are_raised_once_and_new_ones_again_after_the_answer():
    woman, officer = woman_with({1: "missed", 3: "missed"}), UserFactory(role=Role.SAFETY_OFFICER)
    assert (sweep(), sweep()) == (1, 0)
    case = SafetyCase.objects.get()
    assert (case.times, case.origin, case.duty_person) == (1, "missed", officer)
    miss(woman, 0, changed_at=NOW + timedelta(hours=1))
    assert sweep(NOW + timedelta(hours=1)) == 0  # it waits

    answered = NOW + timedelta(hours=2)
    record_action(by=officer, case=case, kind=SafetyAction.Kind.SPOKE_TO_HER, note="", now=answered)
    assert sweep(answered) == 0
    miss(woman, -1, changed_at=answered + timedelta(hours=30))

    assert sweep(answered + timedelta(hours=31)) == 1
    assert SafetyCase.objects.latest("pk").follows == case
    assert Event.objects.filter(action="visits.raise_missed_in_a_row").count() == 2


@pytest.mark.django_db
def test_the_task_sweeps():
    woman_with({})
    tasks.raise_missed_in_a_row()
    assert not SafetyCase.objects.exists()


def test_two_sweeps_at_once_raise_one_case(committed_study):
    woman_with({1: "missed", 3: "missed"})
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
