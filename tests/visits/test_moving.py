"""A supervisor's week by hand: moved, agreed, undone, within the rules of planning, and never taken back silently."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import PermissionMissing
from audit.models import Event
from participants.models import AccessNotice, ContactOverride
from participants.services import OverrideReasonTooShort, ParticipantOutOfReach
from tests.factories import NOW, TODAY, OfficerFactory, VisitFactory, WeekPlanFactory
from tests.visits.test_planning import NEXT_MONDAY, THIS_MONDAY, days_of, hold_level, plan, replan, woman_at
from visits import queries, services
from visits.models import Visit, VisitChange, VisitLog, WeekPlan
from visits.moving import Obstacle, day_choices, obstacle_on
from visits.services.participation import PLANNER
from visits.week_draft import PlannedWoman

Reason = VisitChange.Reason
DAYS = [NEXT_MONDAY + timedelta(days=n) for n in range(7)]


def planned(field, level="leve", **words):
    woman = woman_at(field.by_risk, level, **words)
    plan(field.by_risk)
    return woman


def free_day(woman) -> date:
    return next(day for day in DAYS if day.isoweekday() not in days_of(woman))


def free_day_of(woman, weekdays) -> date:
    return next(day for day in DAYS if day.isoweekday() in weekdays - set(days_of(woman)))


def move(field, visit, to, *, by=None, outside=None, now=NOW):
    return services.move_visit(
        by=by or field.supervisor, visit=visit, to=to, reason=Reason.SHE_ASKED, outside=outside, now=now
    )


@pytest.mark.requirement("N1")
def test_a_moved_visit_keeps_its_identity_its_history_and_gets_officers(field):
    OfficerFactory(posted_at=field.by_risk)
    woman = planned(field)
    visit = woman.visits.earliest("planned_on")
    before, to = visit.planned_on, free_day(woman)

    change = move(field, visit, to)

    moved = Visit.objects.get(pk=visit.pk)
    assert (moved.planned_on, moved.day_chosen, moved.status) == (to, True, "planned")
    assert moved.grace_ends_at == datetime(to.year, to.month, to.day, 5, tzinfo=UTC) + timedelta(hours=48)
    assert len(moved.officer_ids) == 2
    assert (change.day_before, change.day_after, change.changed_by) == (before, to, field.supervisor)
    assert change.officers_after == list(moved.officer_ids)
    event = Event.objects.get(action="visits.move")
    assert (event.object_id, event.reason) == (str(visit.pk), "she_asked")


@pytest.mark.parametrize(
    ("to", "obstacle"),
    [
        (NEXT_MONDAY - timedelta(days=1), Obstacle.OTHER_WEEK),
        (NEXT_MONDAY + timedelta(days=7), Obstacle.OTHER_WEEK),
        (NEXT_MONDAY + timedelta(days=6), Obstacle.NOT_SAFE),
    ],
)
@pytest.mark.requirement("F40")
def test_a_day_against_the_rules_is_refused(field, to, obstacle):
    woman = planned(field, safe_weekdays=[1, 2, 3, 4])
    with pytest.raises(services.DayNotPossible) as refused:
        move(field, woman.visits.earliest("planned_on"), to)
    assert refused.value.obstacle == obstacle
    assert not VisitChange.objects.exists()


def test_two_visits_never_fall_on_one_day(field):
    woman = planned(field)
    first, second = woman.visits.filter(plan__monday=NEXT_MONDAY).order_by("planned_on")
    with pytest.raises(services.DayNotPossible) as refused:
        move(field, first, second.planned_on)
    assert refused.value.obstacle == Obstacle.TAKEN


def test_past_days_and_days_whose_hours_have_begun_are_over(field):
    woman = woman_at(field.by_risk, "leve")
    plan(field.by_risk, monday=THIS_MONDAY, now=datetime(2026, 11, 16, 12, tzinfo=UTC))
    visit = woman.visits.latest("planned_on")
    with pytest.raises(services.DayNotPossible) as refused:
        move(field, visit, date(2026, 11, 18))
    assert refused.value.obstacle == Obstacle.BEGUN


@pytest.mark.requirement("F40")
def test_an_unsafe_day_takes_an_exception_that_safety_hears_of_and_the_planner_keeps(field):
    woman = planned(field, safe_weekdays=[1, 2, 3, 4])
    visit = woman.visits.earliest("planned_on")
    outside = services.OutsideSafeTimes(
        ContactOverride.Reason.SHE_ASKED, "Ella pidió que fuera el domingo por la tarde"
    )

    move(field, visit, DAYS[6], outside=outside)
    replan(woman)

    visit.refresh_from_db()
    assert (visit.planned_on, visit.status) == (DAYS[6], "planned")
    assert AccessNotice.objects.filter(kind="outside_safe_times", participant=woman).count() == 1


def test_an_exception_without_a_sentence_moves_nothing(field):
    woman = planned(field, safe_weekdays=[1, 2, 3, 4])
    visit = woman.visits.earliest("planned_on")
    with pytest.raises(OverrideReasonTooShort):
        move(field, visit, DAYS[6], outside=services.OutsideSafeTimes(ContactOverride.Reason.OTHER, ""))
    assert Visit.objects.get(pk=visit.pk).planned_on == visit.planned_on


@pytest.mark.parametrize("status", ["paused", "moved"])
@pytest.mark.requirement("F16", "F4")
def test_a_woman_who_is_not_visited_now_keeps_her_days(field, status):
    woman = planned(field)
    visit = woman.visits.earliest("planned_on")
    type(woman).objects.filter(pk=woman.pk).update(status=status)
    with pytest.raises(services.NotVisitedNow):
        move(field, visit, free_day(woman))


@pytest.mark.parametrize("status", ["done", "missed", "superseded"])
def test_what_is_over_is_not_moved(field, status):
    woman = planned(field)
    visit = woman.visits.earliest("planned_on")
    Visit.objects.filter(pk=visit.pk).update(status=status)
    with pytest.raises(services.VisitNotMovable):
        move(field, visit, free_day(woman))


@pytest.mark.requirement("F34")
def test_only_the_supervisor_of_her_station_moves(field):
    woman = planned(field)
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)
    field.stranger.role = "supervisor"
    field.stranger.save()
    with pytest.raises(ParticipantOutOfReach):
        move(field, visit, to, by=field.stranger)
    with pytest.raises(PermissionMissing):
        move(field, visit, to, by=field.officer)


@pytest.mark.requirement("F12", "N1")
def test_a_re_plan_keeps_the_chosen_day_and_spreads_around_it(field):
    woman = planned(field, "moderado")
    visit = woman.visits.filter(plan__monday=NEXT_MONDAY).earliest("planned_on")
    to = free_day(woman)
    move(field, visit, to)
    woman.current_risk.delete()
    hold_level(woman, "severo_1", pending=True)

    replan(woman)

    visit.refresh_from_db()
    assert (visit.status, visit.planned_on) == ("planned", to)
    standing = Visit.objects.filter(participant=woman, planned_on__range=(DAYS[0], DAYS[6])).exclude(
        status="superseded"
    )
    assert standing.count() == 5
    assert replan(woman) == []


def test_a_chosen_day_yields_where_fewer_visits_are_due_or_her_times_change(field):
    woman = planned(field, "severo_1")
    chosen = woman.visits.filter(plan__monday=NEXT_MONDAY).order_by("planned_on")
    chosen.update(day_chosen=True)
    woman.current_risk.delete()
    hold_level(woman, "leve", pending=True)
    replan(woman)
    standing = Visit.objects.filter(participant=woman, planned_on__range=(DAYS[0], DAYS[6]), status="planned")
    assert standing.count() == 2

    woman.safe_contact.safe_from = time(11)
    woman.safe_contact.save()
    replan(woman)
    assert set(standing.values_list("window_from", flat=True)) == {time(11)}


def test_a_move_is_undone_once_and_stays_in_the_history(field):
    woman = planned(field)
    visit = woman.visits.earliest("planned_on")
    before = visit.planned_on
    change = move(field, visit, free_day(woman))

    services.undo_change(by=field.supervisor, change=change, now=NOW)

    visit.refresh_from_db()
    assert (visit.planned_on, visit.day_chosen) == (before, False)
    assert VisitChange.objects.get().undone_at == NOW
    with pytest.raises(services.ChangeNotUndoable):
        services.undo_change(by=field.supervisor, change=change, now=NOW)


def test_only_the_latest_change_is_undone_and_only_of_a_visit_ahead(field):
    woman = planned(field)
    visit = woman.visits.earliest("planned_on")
    first = move(field, visit, free_day(woman))
    second = move(field, visit, free_day(woman))
    with pytest.raises(services.ChangeNotUndoable):
        services.undo_change(by=field.supervisor, change=first, now=NOW)
    Visit.objects.filter(pk=visit.pk).update(status="done")
    with pytest.raises(services.ChangeNotUndoable):
        services.undo_change(by=field.supervisor, change=second, now=NOW)


def test_a_log_of_the_old_day_counts_though_the_visit_was_moved_to_a_later_one(field):
    week = WeekPlanFactory(participant=woman_at(field.by_risk, "leve"), monday=THIS_MONDAY)
    visit = VisitFactory(plan=week, planned_on=date(2026, 11, 18))
    early = datetime(2026, 11, 18, 12, tzinfo=UTC)
    move(field, visit, date(2026, 11, 22), now=early)

    log = services.log_visit(
        by=field.officer, visit=visit, log_id=uuid4(), outcome=VisitLog.Outcome.MET,
        occurred_at=datetime(2026, 11, 18, 14, 30, tzinfo=UTC), now=NOW,
    )  # fmt: skip

    assert Visit.objects.get(pk=visit.pk).status == "done"
    assert log.visit_id == visit.pk


@pytest.mark.requirement("N1")
def test_a_visit_that_makes_up_for_a_missed_one_costs_no_other_at_the_next_re_plan(field):
    # Her number chooses among equally good weeks: this one leaves free a day that is still to come.
    woman = woman_at(field.by_risk, "severo_1", pk=1_400_000)
    monday = datetime(2026, 11, 16, 12, tzinfo=UTC)
    plan(field.by_risk, monday=THIS_MONDAY, now=monday)
    week = woman.visits.filter(planned_on__lt=NEXT_MONDAY)
    week.filter(planned_on__lt=TODAY).update(status="done")
    missed = week.filter(planned_on__lt=TODAY).latest("planned_on")
    Visit.objects.filter(pk=missed.pk).update(status="missed")
    taken = set(week.values_list("planned_on", flat=True))
    day = next(day for n in range(2, 7) if (day := THIS_MONDAY + timedelta(days=n)) > TODAY and day not in taken)
    agreed = services.agree_visit(by=field.supervisor, participant=woman, day=day, reason=Reason.MAKES_UP, now=NOW)
    ahead = woman.visits.filter(status="planned", planned_on__gt=TODAY, planned_on__lt=NEXT_MONDAY)
    before = ahead.count()
    assert before > 1

    replan(woman)

    assert (ahead.count(), ahead.filter(pk=agreed.pk).exists()) == (before, True)
    assert replan(woman) == []


def test_an_agreed_day_stays_chosen_when_a_later_move_is_undone(field):
    woman = planned(field)
    missed = woman.visits.filter(plan__monday=NEXT_MONDAY).earliest("planned_on")
    Visit.objects.filter(pk=missed.pk).update(status="missed")
    visit = services.agree_visit(
        by=field.supervisor, participant=woman, day=free_day(woman), reason=Reason.MAKES_UP, now=NOW
    )
    change = move(field, visit, free_day(woman))

    services.undo_change(by=field.supervisor, change=change, now=NOW)

    moved_back = Visit.objects.get(pk=visit.pk)
    assert (moved_back.planned_on, moved_back.day_chosen) == (visit.planned_on, True)


@pytest.mark.requirement("N1")
def test_a_move_sent_twice_is_one_change(field):
    woman = planned(field)
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)

    assert move(field, visit, to) == move(field, visit, to)

    services.undo_change(by=field.supervisor, change=VisitChange.objects.get(), now=NOW)
    assert Visit.objects.get(pk=visit.pk).planned_on == visit.planned_on


@pytest.mark.requirement("N16")
def test_a_chosen_day_and_an_exception_do_not_hold_her_visits_back_at_a_station_that_she_left(field):
    woman = planned(field, safe_weekdays=[1, 2, 3, 4])
    first, second = woman.visits.filter(plan__monday=NEXT_MONDAY).order_by("planned_on")
    move(field, first, free_day_of(woman, {1, 2, 3, 4}))
    outside = services.OutsideSafeTimes(ContactOverride.Reason.SHE_ASKED, "Ella pidió el domingo por la tarde")
    move(field, second, DAYS[6], outside=outside)
    type(woman).objects.filter(pk=woman.pk).update(station=field.as_usual)

    assert woman.pk in queries.participants_to_replan(TODAY)
    replan(woman)

    assert set(woman.visits.filter(status="planned").values_list("station", flat=True)) == {field.as_usual.pk}
    assert woman.visits.filter(status="planned", planned_on__in=DAYS).count() == 2
    assert woman.pk not in queries.participants_to_replan(TODAY)


def test_two_visits_of_one_past_day_do_not_cost_a_chosen_day(field):
    woman = planned(field, level="severo_1")
    plan(field.by_risk, monday=THIS_MONDAY)
    past = THIS_MONDAY + timedelta(days=1)
    week = WeekPlan.objects.get(participant=woman, monday=THIS_MONDAY)
    for is_unplanned in (False, True):
        VisitFactory(plan=week, planned_on=past, status="done", is_unplanned=is_unplanned)
    replan(woman)
    ahead = woman.visits.filter(status="planned", plan__participant=woman, planned_on__lt=NEXT_MONDAY)
    ahead.update(day_chosen=True)
    WeekPlan.objects.filter(participant=woman, monday=THIS_MONDAY, superseded_at=None).update(target=7)
    before = sorted(ahead.values_list("pk", flat=True))
    assert before

    replan(woman)

    assert sorted(ahead.values_list("pk", flat=True)) == before


@pytest.mark.requirement("F12")
def test_whoever_changes_a_week_by_hand_locks_the_women_in_one_order(field):
    woman = planned(field)
    woman_at(field.by_risk, "leve")
    plan(field.by_risk)
    woman.visits.filter(plan__monday=NEXT_MONDAY).update(status="missed")

    with CaptureQueriesContext(connection) as seen:
        services.agree_visit(
            by=field.supervisor, participant=woman, day=free_day(woman), reason=Reason.MAKES_UP, now=NOW
        )

    locking = [query["sql"] for query in seen if query["sql"].endswith("FOR NO KEY UPDATE")]
    first = next(sql for sql in locking if 'FROM "participants_participant"' in sql)
    assert re.search(rf"\b{woman.pk}\b", first.partition("WHERE")[2])


def test_an_agreed_visit_makes_up_for_a_missed_one_and_no_more(field):
    woman = planned(field)
    day = free_day(woman)
    agree = {"by": field.supervisor, "participant": woman, "day": day, "reason": Reason.MAKES_UP, "now": NOW}
    with pytest.raises(services.WeekIsFull):
        services.agree_visit(**agree)
    missed = woman.visits.filter(plan__monday=NEXT_MONDAY).earliest("planned_on")
    Visit.objects.filter(pk=missed.pk).update(status="missed")

    visit = services.agree_visit(**agree)

    assert (visit.planned_on, visit.day_chosen, visit.plan.monday) == (day, True, NEXT_MONDAY)
    with pytest.raises(services.WeekIsFull):
        services.agree_visit(**agree)
    services.undo_change(by=field.supervisor, change=visit.changes.get(), now=NOW)
    assert Visit.objects.get(pk=visit.pk).status == "superseded"


def test_an_absence_taken_back_gives_the_visits_back_to_who_had_them(field):
    for _n in range(4):
        OfficerFactory(posted_at=field.by_risk)
    woman = planned(field, "severo_2")
    services.assign_week(by=PLANNER, monday=NEXT_MONDAY, station_ids=[field.by_risk.pk], now=NOW)
    before = dict(Visit.objects.values_list("pk", "first_officer"))
    gone = Visit.objects.filter(participant=woman).earliest("planned_on").first_officer
    absence, counts = services.record_absence(
        by=field.supervisor, officer=gone, starts_on=NEXT_MONDAY, ends_on=None, reason="leave", now=NOW
    )
    assert VisitChange.objects.filter(absence=absence, kind="handed_over").count() == counts.changed > 0

    back = services.withdraw_absence(by=field.supervisor, absence=absence, now=NOW)

    assert back.changed == counts.changed
    assert dict(Visit.objects.values_list("pk", "first_officer")) == before


women = st.builds(
    PlannedWoman,
    participant_id=st.just(1),
    station_id=st.just(1),
    level=st.just(""),
    safe_weekdays=st.frozensets(st.integers(1, 7)),
    safe_hours=st.one_of(st.none(), st.just((time(9), time(18)))),
    enrolled_on=st.just(date(2026, 1, 1)),
    consent_lapses_on=st.one_of(st.none(), st.sampled_from(DAYS)),
)


@pytest.mark.requirement("F40")
@given(women, st.integers(-8, 16), st.sampled_from(DAYS), st.frozensets(st.sampled_from(DAYS)))
def test_no_day_is_possible_that_breaks_a_rule(woman, offset, first_day, taken):
    day = NEXT_MONDAY + timedelta(days=offset)
    found = obstacle_on(woman, day, monday=NEXT_MONDAY, first_day=first_day, taken=taken)
    is_allowed = (
        day in DAYS
        and day >= first_day
        and day not in taken
        and woman.safe_hours is not None
        and woman.may_be_visited(day)
    )
    assert (found is None) == is_allowed
    choices = day_choices(woman, monday=NEXT_MONDAY, first_day=first_day, taken=taken)
    assert [choice.day for choice in choices] == DAYS
