from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import SystemActor
from accounts.permissions import PermissionMissing
from accounts.sweeping import StepsFailed
from audit.models import Event
from participants.models import Participant
from participants.services import change_status, withdraw_participant
from risk.models import CurrentRisk
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    VisitFactory,
    WeekPlanFactory,
)
from visits import queries, services, tasks
from visits.models import Visit, WeekPlan
from visits.services.participation import PLANNER

THIS_MONDAY, NEXT_MONDAY = date(2026, 11, 16), date(2026, 11, 23)


def woman_at(station, level="", *, pending=False, **fields) -> Participant:
    woman = ParticipantFactory(station=station, **fields)
    if level:
        hold_level(woman, level, pending=pending)
    return woman


def hold_level(woman, level, *, pending=False):
    rank = ["leve", "moderado", "severo_1", "severo_2"].index(level)
    assessment = AssessmentFactory(participant=woman, level=level, level_rank=rank, computed_level=level)
    CurrentRiskFactory(assessment=assessment, replan_pending=pending)


def plan(*stations, monday=NEXT_MONDAY, now=NOW):
    ids = [station.pk for station in stations] or queries.stations_to_plan(monday)
    return services.plan_week(by=PLANNER, monday=monday, station_ids=ids, now=now)


def replan(woman, now=NOW):
    return services.replan_participant(by=PLANNER, participant=woman, now=now)


def days_of(woman, monday=NEXT_MONDAY):
    standing = woman.visits.exclude(status="superseded")
    return [visit.planned_on.isoweekday() for visit in standing.filter(plan__monday=monday).order_by("planned_on")]


@pytest.mark.requirement("F10")
def test_a_week_is_planned_by_level_only_where_the_level_decides(field):
    women = {
        (station.pk, level): woman_at(station, level)
        for station in (field.by_risk, field.as_usual)
        for level in ("", "leve", "moderado", "severo_1", "severo_2")
    }

    counts = plan(field.by_risk, field.as_usual)

    assert [len(days_of(women[field.by_risk.pk, level])) for level in ("", "leve", "moderado", "severo_1")] == [
        2,
        2,
        3,
        5,
    ]
    assert days_of(women[field.by_risk.pk, "severo_2"]) == [1, 2, 3, 4, 5, 6, 7]
    assert {len(days_of(women[field.as_usual.pk, level])) for level in ("", "leve", "moderado", "severo_2")} == {2}
    # One officer at each station: nobody to make a pair with.
    assert counts == services.PlanCounts(plans=10, visits=29, shortfall=0, unmet=29)
    event = Event.objects.get(action="visits.plan_week")
    assert (event.object_id, event.details) == ("2026-W48", {"stations": 2, "plans": 10, "visits": 29, "unmet": 29})


@pytest.mark.requirement("F40", "F11")
def test_visits_lie_on_safe_days_in_safe_hours_and_what_lacks_is_recorded(field):
    woman = woman_at(field.by_risk, "severo_2", safe_weekdays=[2, 5, 6])
    woman.safe_contact.safe_from, woman.safe_contact.safe_until = time(6), time(10, 30)
    woman.safe_contact.save()

    plan(field.by_risk)

    assert days_of(woman) == [2, 5, 6]
    week = WeekPlan.objects.get()
    assert (week.target, week.shortfall, week.level, week.reason) == (7, 4, "severo_2", "weekly")
    assert set(woman.visits.values_list("window_from", "window_until")) == {(time(8), time(10, 30))}
    graces = {visit.grace_ends_at - timezone.make_aware(datetime.combine(visit.planned_on, time()))
              for visit in woman.visits.all()}  # fmt: skip
    assert graces == {timedelta(hours=48)}


def test_without_common_hours_no_visit_is_planned_and_the_shortfall_says_so(field):
    woman = woman_at(field.by_risk)
    woman.safe_contact.safe_from, woman.safe_contact.safe_until = time(20), time(22)
    woman.safe_contact.save()

    assert plan(field.by_risk) == services.PlanCounts(plans=1, visits=0, shortfall=2)


def test_planning_again_changes_nothing(field):
    woman_at(field.by_risk, "severo_1")
    plan(field.by_risk)
    before = list(Visit.objects.values_list("pk", "planned_on"))

    assert plan(field.by_risk) == services.PlanCounts()
    assert list(Visit.objects.values_list("pk", "planned_on")) == before
    assert queries.stations_to_plan(NEXT_MONDAY) == []


@pytest.mark.parametrize("women", [1, 3])
def test_planning_takes_a_constant_number_of_queries(field, women, django_assert_num_queries):
    for _n in range(women):
        woman_at(field.by_risk, "moderado")

    with django_assert_num_queries(32):
        plan(field.by_risk)


@pytest.mark.parametrize(
    ("hour", "days"),
    [(8, [3, 4, 5, 6, 7]), (9, [4, 5, 6, 7]), (23, [4, 5, 6, 7])],
)
def test_the_current_week_is_planned_from_the_first_day_whose_hours_have_not_begun(field, hour, days):
    woman = woman_at(field.by_risk, "severo_2")
    now = timezone.make_aware(datetime.combine(TODAY, time(hour)))

    plan(field.by_risk, monday=THIS_MONDAY, now=now)

    assert days_of(woman, THIS_MONDAY) == days
    assert WeekPlan.objects.get().shortfall == 7 - len(days)


@pytest.mark.parametrize(
    ("now", "refused"),
    [(datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC), False), (datetime(2026, 11, 23, 5, tzinfo=UTC), True)],
)
def test_a_week_is_over_at_midnight_in_lima(field, now, refused):
    woman_at(field.by_risk)
    if refused:
        with pytest.raises(services.WeekIsOver):
            plan(field.by_risk, monday=THIS_MONDAY, now=now)
    else:
        assert plan(field.by_risk, monday=THIS_MONDAY, now=now).plans == 1


def test_planning_needs_its_permission(field):
    with pytest.raises(PermissionMissing):
        services.plan_week(by=SystemActor("x", frozenset()), monday=NEXT_MONDAY, station_ids=[], now=NOW)


@pytest.mark.requirement("F4", "F16")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(Participant.Status.values), st.booleans()), max_size=5))
def test_only_women_in_follow_up_with_consent_are_planned(field, women):
    Visit.objects.all().delete()
    WeekPlan.objects.all().delete()
    made = [
        ParticipantFactory(station=field.by_risk, status=status, scopes=["visits"] if consents else ["surveys"])
        for status, consents in women
    ]

    plan(field.by_risk)

    due = {woman.pk for woman, (status, consents) in zip(made, women, strict=True) if status == "enrolled" and consents}
    planned = set(WeekPlan.objects.filter(participant__in=made).values_list("participant", flat=True))
    assert planned == set(Visit.objects.filter(participant__in=made).values_list("participant", flat=True)) == due


@pytest.mark.requirement("F12", "N1")
def test_a_raised_level_gives_a_new_revision_and_keeps_the_old_one(field):
    woman = woman_at(field.by_risk, "leve")
    plan(field.by_risk, monday=THIS_MONDAY, now=datetime(2026, 11, 16, 12, tzinfo=UTC))
    begun = [day for day in days_of(woman, THIS_MONDAY) if day <= TODAY.isoweekday()]
    plan(field.by_risk)
    woman.current_risk.delete()
    hold_level(woman, "severo_2", pending=True)

    plans = replan(woman)

    assert [(p.monday, p.revision, p.target, p.reason) for p in plans] == [
        (THIS_MONDAY, 2, 7, "level_changed"),
        (NEXT_MONDAY, 2, 7, "level_changed"),
    ]
    assert days_of(woman, NEXT_MONDAY) == [1, 2, 3, 4, 5, 6, 7]
    standing = woman.visits.exclude(status="superseded").filter(planned_on__lt=NEXT_MONDAY)
    assert sorted(visit.planned_on.isoweekday() for visit in standing) == [*begun, 4, 5, 6, 7]
    assert plans[0].shortfall == 3 - len(begun)
    woman.current_risk.refresh_from_db()
    assert woman.current_risk.replan_pending is False
    old = WeekPlan.objects.filter(participant=woman, revision=1)
    assert [(p.superseded_at, p.target) for p in old] == [(NOW, 2), (NOW, 2)]
    assert woman.visits.filter(plan__monday=NEXT_MONDAY, status="superseded").count() == 2


@pytest.mark.requirement("F12")
def test_a_raised_level_changes_nothing_where_visits_are_as_usual(field):
    woman = woman_at(field.as_usual, "leve")
    plan(field.as_usual, monday=THIS_MONDAY)
    plan(field.as_usual)
    before = list(Visit.objects.values_list("pk", "status", "planned_on"))
    woman.current_risk.delete()
    hold_level(woman, "severo_2", pending=True)

    assert replan(woman) == []
    assert list(Visit.objects.values_list("pk", "status", "planned_on")) == before
    assert queries.participants_to_replan(TODAY) == []


def test_replanning_twice_changes_nothing_the_second_time(field):
    woman = woman_at(field.by_risk, "severo_1")
    assert len(replan(woman)) == 2
    before = list(Visit.objects.values_list("pk", "status"))

    assert replan(woman) == []
    assert list(Visit.objects.values_list("pk", "status")) == before


def test_what_was_logged_or_has_begun_stays_and_counts(field):
    woman = woman_at(field.by_risk, "moderado")
    week = WeekPlanFactory(participant=woman, target=2)
    kept = [
        VisitFactory(plan=week, planned_on=date(2026, 11, 16), status="done"),
        VisitFactory(plan=week, planned_on=TODAY),
    ]

    (this_week, _next_week) = replan(woman)

    assert (this_week.target, this_week.shortfall) == (3, 0)
    assert [Visit.objects.get(pk=visit.pk).status for visit in kept] == ["done", "planned"]
    assert len(this_week.visits.all()) == 1
    assert this_week.visits.get().planned_on > TODAY


@pytest.mark.requirement("F40")
def test_new_safe_times_move_the_visits_to_come(field):
    woman = woman_at(field.by_risk, safe_weekdays=[1, 2, 3, 4, 5, 6, 7])
    plan(field.by_risk)
    woman.safe_contact.safe_weekdays = sorted({1, 2, 3, 4, 5, 6, 7} - set(days_of(woman)))
    woman.safe_contact.save()
    assert queries.participants_to_replan(TODAY) == [woman.pk]

    plans = replan(woman)

    assert (plans[-1].monday, plans[-1].reason) == (NEXT_MONDAY, "safe_times_changed")
    assert set(days_of(woman)) <= set(woman.safe_contact.safe_weekdays)
    assert queries.participants_to_replan(TODAY) == []


def test_a_week_planned_far_ahead_follows_the_change_too(field):
    far = NEXT_MONDAY + timedelta(weeks=5)
    woman = woman_at(field.by_risk, safe_weekdays=[1, 2, 3, 4, 5, 6, 7])
    plan(field.by_risk, monday=far)
    woman.safe_contact.safe_weekdays = sorted({1, 2, 3, 4, 5, 6, 7} - set(days_of(woman, far)))
    woman.safe_contact.save()

    plans = replan(woman)

    assert [(p.monday, p.reason) for p in plans][-1] == (far, "safe_times_changed")
    assert set(days_of(woman, far)) <= set(woman.safe_contact.safe_weekdays)
    assert queries.participants_to_replan(TODAY) == []


@pytest.mark.requirement("F16")
def test_a_pause_stops_the_visits_to_come_and_a_return_plans_again(field):
    woman = woman_at(field.by_risk, "leve")
    plan(field.by_risk, monday=THIS_MONDAY)
    plan(field.by_risk)
    woman.status = "paused"
    woman.save()
    assert queries.participants_to_replan(TODAY) == [woman.pk]

    replan(woman)
    assert days_of(woman) == days_of(woman, THIS_MONDAY) == []
    assert queries.participants_to_replan(TODAY) == []
    assert plan(field.by_risk) == services.PlanCounts()

    woman.status = "enrolled"
    woman.save()
    plans = replan(woman)
    assert [(p.revision, p.reason) for p in plans] == [(2, "status_changed")] * 2
    assert len(days_of(woman)) == 2


@pytest.mark.requirement("F4")
def test_withdrawal_stops_today_and_all_that_follows_in_one_act(field):
    woman = woman_at(field.by_risk, "severo_2")
    week = WeekPlanFactory(participant=woman, target=7)
    yesterday = VisitFactory(plan=week, planned_on=TODAY - timedelta(days=1))
    today = VisitFactory(plan=week, planned_on=TODAY)
    plan(field.by_risk)

    withdraw_participant(by=field.supervisor, participant=woman, reason="own_wish", now=NOW)

    assert Visit.objects.get(pk=yesterday.pk).status == "planned"
    assert Visit.objects.get(pk=today.pk).status == "superseded"
    assert days_of(woman) == []
    assert queries.participants_to_replan(TODAY) == []
    assert not WeekPlan.objects.filter(superseded_at=None).exists()


def test_a_status_and_its_plans_change_together(field):
    woman = woman_at(field.by_risk)
    plan(field.by_risk)

    change_status(by=field.supervisor, participant=woman, to=Participant.Status.PAUSED, reason="travel", now=NOW)

    assert Participant.objects.get().status == "paused"
    assert days_of(woman) == []


@pytest.mark.parametrize(
    ("enrolled_on", "planned"),
    [(date(2025, 11, 24), True), (date(2025, 11, 23), False)],  # twelve months by NEXT_MONDAY, 23 November 2026
)
def test_visits_end_with_her_twelve_months(field, enrolled_on, planned):
    woman = woman_at(field.by_risk, "leve", enrolled_on=enrolled_on)
    plan(field.by_risk)
    replan(woman)
    assert bool(days_of(woman)) is planned


def test_what_stands_after_her_twelve_months_is_taken_back_by_the_sweep(field):
    woman = woman_at(field.by_risk, "leve", enrolled_on=date(2025, 11, 24))
    plan(field.by_risk)
    after = NOW + timedelta(days=6)  # Tuesday 24 November
    assert queries.participants_to_replan(timezone.localdate(after)) == [woman.pk]
    replan(woman, now=after)
    standing = woman.visits.filter(status="planned").values_list("planned_on", flat=True)
    assert [day for day in standing if day > timezone.localdate(after)] == []
    assert queries.participants_to_replan(timezone.localdate(after)) == []


@pytest.mark.parametrize(
    ("lapses_on", "days"), [(None, [3, 7]), (date(2026, 11, 29), [1, 3]), (date(2026, 11, 23), [])]
)
def test_no_visit_is_planned_from_the_day_on_which_her_consent_lapses(field, lapses_on, days):
    woman = woman_at(field.as_usual, safe_weekdays=[1, 3, 7])
    woman.consents.filter(scope="visits").update(lapses_on=lapses_on)
    plan(field.as_usual)
    assert days_of(woman) == days


def test_the_sweep_finds_visits_that_a_consent_to_be_renewed_no_longer_covers(field):
    woman = woman_at(field.as_usual)
    plan(field.as_usual)
    planned = [visit.planned_on for visit in woman.visits.order_by("planned_on")]
    woman.consents.filter(scope="visits").update(lapses_on=planned[-1] + timedelta(days=1))
    assert queries.participants_to_replan(TODAY) == []

    woman.consents.filter(scope="visits").update(lapses_on=planned[-1])
    assert queries.participants_to_replan(TODAY) == [woman.pk]
    replan(woman)
    assert queries.participants_to_replan(TODAY) == []
    assert all(day < planned[-1] for day in woman.visits.filter(status="planned").values_list("planned_on", flat=True))


@pytest.mark.requirement("F58")
def test_one_replan_that_fails_holds_up_none_of_those_after_it_and_is_counted(field):
    women = [woman_at(field.by_risk, "severo_2", pending=True) for _number in range(3)]
    # No service lets it come to this.
    broken = women[0]
    CurrentRisk.objects.filter(participant=broken).update(level="unknown_level")

    with pytest.raises(StepsFailed) as failed:
        tasks.replan_pending()

    assert failed.value.failed == 1
    assert set(CurrentRisk.objects.filter(replan_pending=True).values_list("participant", flat=True)) == {broken.pk}
    assert {plan.participant_id for plan in WeekPlan.objects.all()} == {woman.pk for woman in women[1:]}
