"""A day whose visit is over keeps that visit, and a new plan puts no second one on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participants.models import Participant
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    VisitFactory,
    WeekPlanFactory,
)
from visits import services
from visits.models import Visit
from visits.services.participation import PLANNER
from visits.weeks import monday_of

# Before anybody's hours begin.
EARLY = timezone.localtime(NOW).replace(hour=5, minute=30)


def daily(field) -> Participant:
    """A woman to be visited every day of the week, once her plan is fitted to her new level."""
    woman = ParticipantFactory(station=field.by_risk)
    level = AssessmentFactory(participant=woman, level="severo_2", level_rank=3, computed_level="severo_2")
    CurrentRiskFactory(assessment=level, replan_pending=True)
    return woman


def replan(woman, now):
    return services.replan_participant(by=PLANNER, participant=woman, now=now)


@pytest.mark.requirement("F10")
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("status", ["done", "attempted", "missed"])
def test_a_visit_over_before_her_hours_of_that_day_begin_stays_and_gets_no_second(field, weekday, status):
    # given that today's visit is over at half past five, on whichever day of the week
    early = EARLY + timedelta(days=weekday)
    woman = daily(field)
    week = WeekPlanFactory(participant=woman, monday=monday_of(early.date()), target=2)
    logged = VisitFactory(plan=week, planned_on=early.date(), status=status)

    # when her week is fitted anew
    (this_week, _next_week) = replan(woman, early)

    # then it fills its day, and the days to come have one visit each
    assert Visit.objects.get(pk=logged.pk).status == status
    ahead = [early.date() + timedelta(days=number) for number in range(1, 7 - early.weekday())]
    assert list(this_week.visits.order_by("planned_on").values_list("planned_on", flat=True)) == ahead
    assert replan(woman, early) == []


def test_a_visit_beside_the_plan_fills_none_of_its_days(field):
    woman = daily(field)
    week = WeekPlanFactory(participant=woman, target=2)
    VisitFactory(plan=week, planned_on=TODAY, status="done", is_unplanned=True)

    (this_week, _next_week) = replan(woman, EARLY)

    assert this_week.visits.filter(planned_on=TODAY, is_unplanned=False).exists()


def test_a_woman_who_comes_back_is_not_visited_twice_on_one_day(field):
    # given a visit logged this morning in a week whose plan was then stopped
    woman = daily(field)
    week = WeekPlanFactory(participant=woman, superseded_at=NOW)
    VisitFactory(plan=week, planned_on=TODAY, status="done")

    services.plan_week(by=PLANNER, monday=monday_of(TODAY), station_ids=[field.by_risk.pk], now=EARLY)

    assert woman.visits.exclude(status="superseded").filter(planned_on=TODAY).count() == 1
