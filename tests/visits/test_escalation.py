"""Due, late, missed, told of: a missed visit without its reason reaches the supervisor, then safety, and stays."""

from datetime import timedelta

import pytest

from audit.models import Event
from participants.models import AccessNotice
from tests.factories import NOW, TODAY, VisitFactory
from tests.visits.test_planning import woman_at
from visits import services
from visits.models import StationDigest, Visit
from visits.presenters import state_on
from visits.services.participation import PLANNER

HOUR = timedelta(hours=1)


def missed(field, level, hours, **fields) -> Visit:
    woman = woman_at(field.by_risk, level)
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
@pytest.mark.requirement("F15", "N8")
def test_safety_is_told_a_day_later_at_high_risk(field, level, hours, told):
    visit = missed(field, level, 24 + hours, escalated_at=NOW - hours * HOUR)

    assert escalate() == (0, told)
    assert escalate() == (0, 0)
    notices = AccessNotice.objects.filter(kind="unexplained_visit", participant=visit.participant)
    assert notices.count() == told


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
