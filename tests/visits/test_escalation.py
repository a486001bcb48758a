"""Due, late, missed, told of: a missed visit without its reason reaches the supervisor, then safety, and stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice
from safety.models import SafetyAction, SafetyCase
from safety.services import record_action
from tests.factories import NOW, TODAY, UserFactory, VisitFactory, WeekPlanFactory
from tests.visits.conftest import make_field
from tests.visits.test_planning import woman_at
from visits import services
from visits.models import StationDigest, Visit
from visits.presenters import state_on
from visits.services.participation import PLANNER

HOUR = timedelta(hours=1)


def missed(field, level, hours, **fields) -> Visit:
    woman = fields.pop("plan__participant", None) or woman_at(field.by_risk, level)
    return VisitFactory(
        plan__participant=woman, planned_on=TODAY - timedelta(days=5), status="missed",
        status_changed_at=NOW - hours * HOUR, **fields,
    )  # fmt: skip


def escalate(now=NOW):
    return services.escalate_missed(by=PLANNER, now=now)


@pytest.mark.parametrize(("hours", "told"), [(23.99, 0), (24, 1)])
@pytest.mark.requirement("F15", "N8")
def test_the_supervisor_is_told_after_a_day_once(field, hours, told):
    visit = missed(field, "leve", hours)

    assert escalate() == (told, 0)
    assert escalate() == (0, 0)
    visit.refresh_from_db()
    assert (visit.escalated_at, visit.status) == (NOW if told else None, "missed")
    assert Event.objects.filter(action="visits.escalate_missed").count() == told


@pytest.mark.parametrize(
    ("level", "hours", "told"),
    [("severo_1", 23.99, 0), ("severo_1", 24, 1), ("severo_2", 24, 1), ("moderado", 240, 0), ("", 240, 0)],
)
@pytest.mark.requirement("F15", "N8", "N22")
def test_safety_gets_a_case_a_day_later_at_high_risk(field, level, hours, told):
    visit = missed(field, level, 24 + hours, escalated_at=NOW - hours * HOUR)

    assert escalate() == (0, told)
    assert escalate() == (0, 0)
    cases = SafetyCase.objects.values_list("participant", "rule", "origin", "origin_id", "raised_by", "times")
    assert list(cases) == [(visit.participant_id, "unexplained_visit", "missed", str(visit.pk), None, 1)] * told
    assert not AccessNotice.objects.exists()


@pytest.mark.requirement("N22")
@pytest.mark.parametrize("station", ["by_risk", "as_usual"])
def test_the_same_case_comes_in_every_arm(field, station):
    woman = woman_at(getattr(field, station), "severo_1")
    missed(field, "", 48, plan__participant=woman, escalated_at=NOW - 24 * HOUR)

    assert escalate() == (0, 1)
    assert SafetyCase.objects.get().participant == woman


def test_several_visits_of_a_woman_are_one_case_and_a_later_one_counts_on_it_until_it_is_answered(field):
    woman, officer = woman_at(field.by_risk, "severo_2"), UserFactory(role=Role.SAFETY_OFFICER)
    plan = WeekPlanFactory(participant=woman, monday=TODAY - timedelta(days=9))
    long_ago = {"plan": plan, "status": "missed", "status_changed_at": NOW - 99 * HOUR}
    for days in (5, 4):
        VisitFactory(**long_ago, planned_on=TODAY - timedelta(days=days), escalated_at=NOW - 24 * HOUR)
    VisitFactory(**long_ago, planned_on=TODAY - timedelta(days=3), escalated_at=NOW - 20 * HOUR)

    assert escalate() == (0, 2)
    case = SafetyCase.objects.get()
    assert case.times == 1
    assert escalate(NOW + 4 * HOUR) == (0, 1)
    case.refresh_from_db()
    assert case.times == 2

    record_action(by=officer, case=case, kind=SafetyAction.Kind.TOLD_STATION, note="", now=NOW + 5 * HOUR)
    assert escalate(NOW + 6 * HOUR) == (0, 0)
    assert SafetyCase.objects.count() == 1


def test_two_sweeps_at_once_tell_safety_once(committed_study):
    field = make_field()
    missed(field, "severo_2", 48, escalated_at=NOW - 24 * HOUR)
    together = Barrier(2)

    def run(_number):
        together.wait()
        try:
            return escalate()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [(0, 0), (0, 1)]
    assert SafetyCase.objects.get().times == 1


@pytest.mark.requirement("F14")
def test_an_explained_visit_is_told_to_nobody(field):
    visit = missed(field, "severo_2", 99)
    services.explain_missed_visit(by=field.supervisor, visit=visit, reason=Visit.MissedReason.NO_STAFF, now=NOW)
    assert escalate() == (0, 0)


@pytest.mark.requirement("N8")
@pytest.mark.parametrize(
    ("days", "status", "label"),
    [(0, "planned", "Planned"), (-1, "planned", "Late"), (-1, "done", "Done"), (-3, "missed", "Missed")],
)
def test_a_visit_is_due_then_late_then_missed(field, days, status, label):
    visit = VisitFactory(
        plan__participant=woman_at(field.by_risk), planned_on=TODAY + timedelta(days=days), status=status
    )
    assert str(state_on(visit, TODAY).label) == label


def test_the_morning_is_counted_once_a_day_in_numbers_only(field):
    missed(field, "leve", 99, escalated_at=NOW)
    VisitFactory(plan__participant=woman_at(field.by_risk), planned_on=TODAY)
    VisitFactory(plan__participant=woman_at(field.by_risk), planned_on=TODAY - timedelta(days=1))
    VisitFactory(plan__participant=woman_at(field.by_risk), planned_on=TODAY + timedelta(days=30))

    assert services.make_digests(by=PLANNER, now=NOW) == 1
    assert services.make_digests(by=PLANNER, now=NOW + HOUR) == 0

    digest = StationDigest.objects.get()
    assert (digest.station, digest.made_for, digest.made_at) == (field.by_risk, TODAY, NOW)
    counts = (digest.planned, digest.without_officers, digest.late, digest.unexplained, digest.escalated, digest.short)
    assert counts == (1, 1, 1, 1, 1, 0)
