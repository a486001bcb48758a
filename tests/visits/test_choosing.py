"""A supervisor chooses who goes: within the rules of sending officers, kept by every later plan, and taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.identity import Identity, StaffIdentity
from participants.models import Conflict
from participants.services import ParticipantOutOfReach, seal_staff_card
from stations.models import Officer
from tests.factories import NOW, OfficerFactory, UserFactory, VisitFactory, WeekPlanFactory
from tests.participants.conftest import consent_text
from tests.participants.test_openings import CASE, enrol
from tests.visits.conftest import make_field
from tests.visits.test_assigning import assign, away, shift
from tests.visits.test_planning import NEXT_MONDAY, hold_level, plan, replan, woman_at
from visits import services, tasks
from visits.choosing import Bar
from visits.models import Visit, VisitChange
from visits.queries import staffing
from visits.services.moving import ChangeNotUndoable

Reason = VisitChange.Reason


def officers(field, number=4) -> list[Officer]:
    return [OfficerFactory(posted_at=field.by_risk) for _number in range(number)]


def planned(field, level="leve"):
    """A woman's first visit of next week, with officers."""
    woman = woman_at(field.by_risk, level)
    plan(field.by_risk)
    assign(field)
    return woman.visits.filter(plan__monday=NEXT_MONDAY).earliest("planned_on")


def choose(field, visit, team, *, by=None, now=NOW):
    ids = [officer.pk for officer in team]
    return services.choose_officers(
        by=by or field.supervisor, visit=visit, officer_ids=ids, reason=Reason.KNOWS_THEM, now=now
    )


def others(visit, number=2) -> list[Officer]:
    """Officers of the station who do not go to this visit."""
    staff = Officer.objects.filter(postings__station=visit.station, user__role=Role.OFFICER)
    return list(staff.exclude(pk__in=visit.officer_ids).order_by("pk")[:number])


def state_of(visit) -> tuple[tuple[int, ...], bool]:
    kept = Visit.objects.get(pk=visit.pk)
    return kept.officer_ids, kept.officers_chosen


@pytest.mark.requirement("N1")
def test_the_chosen_go_with_their_history_and_one_audit_row(field):
    officers(field)
    visit = planned(field)
    before, team = visit.officer_ids, others(visit)

    change = choose(field, visit, team)

    assert state_of(visit) == (tuple(officer.pk for officer in team), True)
    assert (change.kind, change.officers_before, change.officers_after) == (
        "chosen", list(before), [officer.pk for officer in team],
    )  # fmt: skip
    assert (change.day_before, change.day_after) == (visit.planned_on, visit.planned_on)
    assert Event.objects.get(action="visits.choose_officers").object_id == str(visit.pk)
    assert choose(field, visit, team) == change
    assert VisitChange.objects.count() == 1


@pytest.mark.requirement("N1", "F12")
def test_no_later_plan_takes_the_chosen_away(field):
    officers(field)
    visit = planned(field)
    team = others(visit)
    choose(field, visit, team)

    assign(field)
    visit.participant.current_risk.delete()
    hold_level(visit.participant, "severo_2", pending=True)
    replan(visit.participant)
    assign(field)
    tasks.assign_open()

    standing = Visit.objects.get(
        participant=visit.participant, planned_on=visit.planned_on, status="planned", is_unplanned=False
    )
    assert (standing.officer_ids, standing.officers_chosen) == (tuple(officer.pk for officer in team), True)


def test_whoever_goes_away_is_replaced_and_the_choice_is_over(field):
    officers(field)
    visit = planned(field)
    team = others(visit)
    choose(field, visit, team)

    away(field, team[0])

    kept, is_chosen = state_of(visit)
    assert team[0].pk not in kept
    assert len(kept) == 2
    assert not is_chosen


def barred_by_absence(field, visit, officer):
    away(field, officer)


def barred_by_shift(field, visit, officer):
    shift(field, officer, weekdays=(visit.planned_on.isoweekday() % 7 + 1,))


def barred_by_hours(field, visit, officer):
    shift(field, officer, hours=(time(19), time(20)))


def barred_by_her_word(field, visit, officer):
    Conflict.objects.create(participant=visit.participant, user=officer.user, declared_at=NOW)


def barred_by_a_full_day(field, visit, officer):
    shift(field, officer, visits_a_day=1)
    plan = WeekPlanFactory(participant=woman_at(field.by_risk), monday=NEXT_MONDAY)
    partner = others(visit, 3)[2]
    full = VisitFactory(plan=plan, planned_on=visit.planned_on)
    choose(field, full, [officer, partner])


@pytest.mark.requirement("F12", "F40")
@pytest.mark.parametrize(
    ("bar_her", "bar"),
    [
        (barred_by_absence, Bar.NOT_THERE),
        (barred_by_shift, Bar.NOT_THERE),
        (barred_by_hours, Bar.NOT_POSSIBLE),
        (barred_by_her_word, Bar.NOT_POSSIBLE),
        (barred_by_a_full_day, Bar.FULL),
    ],
)
def test_who_is_away_off_barred_or_full_cannot_be_chosen(field, bar_her, bar):
    officers(field, 5)
    visit = planned(field)
    team = others(visit)
    bar_her(field, visit, team[0])
    before = state_of(visit)

    with pytest.raises(services.OfficersNotPossible) as refused:
        choose(field, visit, team)

    assert refused.value.bar == bar
    assert state_of(visit) == before


@pytest.mark.parametrize("number", [0, 1, 3])
def test_as_many_go_as_the_protocol_says(field, number):
    officers(field, 5)
    visit = planned(field)
    with pytest.raises(services.OfficersNotPossible) as refused:
        choose(field, visit, others(visit, number))
    assert refused.value.bar == Bar.OTHER_NUMBER


def test_an_officer_twice_or_of_another_station_is_no_team(field):
    officers(field)
    visit = planned(field)
    one = others(visit)[0]
    for team in ([one, one], [one, OfficerFactory(posted_at=field.as_usual)]):
        with pytest.raises(services.OfficersNotPossible):
            choose(field, visit, team)


def test_out_of_reach_without_permission_or_over_is_refused(field):
    officers(field)
    visit = planned(field)
    team = others(visit)
    with pytest.raises(PermissionMissing):
        choose(field, visit, team, by=field.officer)
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=field.as_usual).user
    with pytest.raises(ParticipantOutOfReach):
        choose(field, visit, team, by=elsewhere)
    Visit.objects.filter(pk=visit.pk).update(status="missed")
    with pytest.raises(services.VisitNotOpen):
        choose(field, visit, team)


def test_a_lower_risk_loses_hands_that_were_chosen_for_another_and_the_lack_is_shown(field):
    low = planned(field)
    OfficerFactory(posted_at=field.by_risk)
    assign(field)
    low.refresh_from_db()
    team = [Officer.objects.get(pk=pk) for pk in low.officer_ids]
    for officer in team:
        shift(field, officer, visits_a_day=1)
    other = VisitFactory(
        plan=WeekPlanFactory(participant=woman_at(field.by_risk), monday=NEXT_MONDAY), planned_on=low.planned_on
    )

    choose(field, other, team)

    assert state_of(other)[1]
    assert state_of(low) == ((), False)
    assert staffing.station_weeks_to_staff(NOW) == [(field.by_risk.pk, NEXT_MONDAY)]


# --- Undone ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N1")
def test_undoing_sends_those_from_before_and_then_the_choice_before(field):
    officers(field)
    visit = planned(field)
    start = state_of(visit)
    first_team = others(visit)
    first = choose(field, visit, first_team)
    second = choose(field, visit, [first_team[0], Officer.objects.get(pk=start[0][0])])
    with pytest.raises(ChangeNotUndoable):
        services.undo_change(by=field.supervisor, change=first, now=NOW)

    services.undo_change(by=field.supervisor, change=second, now=NOW)
    assert state_of(visit) == (tuple(officer.pk for officer in first_team), True)
    services.undo_change(by=field.supervisor, change=first, now=NOW)

    assert state_of(visit) == start
    assert set(VisitChange.objects.values_list("undone_at", flat=True)) == {NOW}


def test_undoing_never_sends_somebody_who_cannot_go_any_more(field):
    officers(field)
    visit = planned(field)
    gone = Officer.objects.get(pk=visit.officer_ids[0])
    change = choose(field, visit, others(visit))
    away(field, gone)

    services.undo_change(by=field.supervisor, change=change, now=NOW)

    assert gone.pk not in state_of(visit)[0]
    assert len(state_of(visit)[0]) == 2


def test_a_visit_of_today_gets_other_officers_after_its_hours_began_but_no_other_day(field):
    OfficerFactory(posted_at=field.by_risk)
    OfficerFactory(posted_at=field.by_risk)
    woman = woman_at(field.by_risk)
    today = timezone.localdate(NOW)
    visit = VisitFactory(plan=WeekPlanFactory(participant=woman, monday=today - timedelta(days=2)), planned_on=today)

    change = choose(field, visit, others(visit))

    with pytest.raises(services.VisitNotMovable):
        services.move_visit(
            by=field.supervisor, visit=visit, to=today + timedelta(days=1), reason=Reason.SHE_ASKED, now=NOW
        )
    services.undo_change(by=field.supervisor, change=change, now=NOW)
    assert not state_of(visit)[1]


@pytest.mark.parametrize(("minute", "movable"), [(59, True), (60, False)])
def test_a_visit_is_moved_until_its_hours_begin(field, minute, movable):
    today = timezone.localdate(NOW)
    plan = WeekPlanFactory(participant=woman_at(field.by_risk), monday=today - timedelta(days=2))
    visit = VisitFactory(plan=plan, planned_on=today, window_from=time(9), window_until=time(18))
    now = NOW.replace(hour=13) + timedelta(minutes=minute)  # 8:59 and 9:00 in Lima
    move = {"by": field.supervisor, "visit": visit, "to": today + timedelta(days=1), "reason": Reason.SHE_ASKED}
    if movable:
        services.move_visit(**move, now=now)
    else:
        with pytest.raises(services.VisitNotMovable):
            services.move_visit(**move, now=now)


# --- Sealed cards ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N28")
def test_what_a_sealed_card_tells_frees_the_visit_at_the_next_sweep(field):
    officers(field)
    consent_text()
    woman = enrol(field.supervisor, Identity(**CASE))
    plan(field.by_risk)
    assign(field)
    visit = woman.visits.filter(plan__monday=NEXT_MONDAY).earliest("planned_on")
    barred = Officer.objects.get(pk=visit.officer_ids[0])
    assert staffing.station_weeks_to_staff(NOW) == []

    seal_staff_card(by=field.supervisor, user=barred.user, identity=StaffIdentity("PEREZ ROJAS"), now=NOW)
    assert staffing.station_weeks_to_staff(NOW) == [(field.by_risk.pk, NEXT_MONDAY)]

    assign(field)

    assert staffing.station_weeks_to_staff(NOW) == []
    assert barred.pk not in state_of(visit)[0]


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_two_supervisors_at_once_leave_one_whole_team_and_both_in_the_history(committed_study):
    field = make_field()
    officers(field)
    visit = planned(field)
    mine, hers = others(visit), [Officer.objects.get(pk=pk) for pk in visit.officer_ids]
    together = Barrier(2)

    def run(team):
        together.wait()
        try:
            choose(field, visit, team)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (mine, hers)))
    changes = list(VisitChange.objects.order_by("pk"))
    assert len(changes) == 2
    assert state_of(visit) == (tuple(changes[1].officers_after), True)
    assert changes[1].officers_before == changes[0].officers_after
