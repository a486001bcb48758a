"""Who goes, as stored: after every plan, by shifts and absences, the same after a second run."""

from datetime import date, time

import pytest
from django.db.models import Q

from accounts.absences import AbsenceInvalid, AbsenceWithdrawn, AwayAlready
from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.models import Conflict
from stations.models import Officer
from tests.factories import NOW, TODAY, OfficerFactory, PostingFactory, UserFactory, VisitFactory
from tests.visits.test_planning import hold_level, woman_at
from visits import queries, services
from visits.models import Absence, Shift, Visit
from visits.queries import staffing
from visits.services.participation import PLANNER

NEXT_MONDAY = date(2026, 11, 23)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@pytest.fixture
def crew(field) -> list[Officer]:
    """Four officers of the station beside the one of the field."""
    return [OfficerFactory(posted_at=field.by_risk) for _n in range(4)]


def plan_and_assign(field, monday=NEXT_MONDAY):
    stations = [field.by_risk.pk]
    services.plan_week(by=PLANNER, monday=monday, station_ids=stations, now=NOW)
    return assign(field, monday)


def assign(field, monday=NEXT_MONDAY):
    return services.assign_week(by=PLANNER, monday=monday, station_ids=[field.by_risk.pk], now=NOW)


def shift(field, officer, visits_a_day=12, weekdays=EVERY_DAY, hours=(time(8), time(20))):
    times = services.ShiftTimes(weekdays, *hours, visits_a_day)
    return services.set_shift(by=field.supervisor, officer=officer, times=times, now=NOW)


def away(field, officer, starts_on=NEXT_MONDAY, ends_on=None):
    return services.record_absence(
        by=field.supervisor, officer=officer, starts_on=starts_on, ends_on=ends_on, reason=Absence.Reason.LEAVE, now=NOW
    )


def teams(**filters) -> list[tuple[int, ...]]:
    visits = Visit.objects.filter(status="planned", **filters).order_by("planned_on", "pk")
    return [visit.officer_ids for visit in visits]


@pytest.mark.requirement("F12")
def test_two_officers_of_the_station_go_and_the_same_all_week(field, crew):
    woman, *_others = (woman_at(field.by_risk, "severo_2") for _n in range(3))

    counts = services.plan_week(by=PLANNER, monday=NEXT_MONDAY, station_ids=[field.by_risk.pk], now=NOW)

    assert counts == services.PlanCounts(plans=3, visits=21, unmet=0)
    assert len(set(teams(participant=woman))) == 1
    serving = {field.officer.officer.pk, *(officer.pk for officer in crew)}
    assert set(teams(participant=woman)[0]) <= serving


def test_assigning_after_planning_writes_nothing(field, crew):
    woman_at(field.by_risk, "severo_1")
    plan_and_assign(field)
    before = teams()

    assert assign(field) == services.AssignmentCounts()
    assert teams() == before
    assert not Event.objects.filter(action="visits.assign_week").exists()
    assert staffing.station_weeks_to_staff(NOW) == []


def test_visits_that_lost_their_officers_get_them_by_one_audited_act(field, crew):
    woman_at(field.by_risk, "severo_1")
    plan_and_assign(field)
    before = teams()
    Visit.objects.update(first_officer=None, second_officer=None)

    assert assign(field) == services.AssignmentCounts(changed=5)
    assert teams() == before
    event = Event.objects.get(action="visits.assign_week")
    assert (event.object_id, event.details) == ("2026-W48", {"stations": 1, "changed": 5, "unmet": 0})


@pytest.mark.requirement("F12")
def test_planning_one_more_woman_takes_hands_from_those_at_lower_risk(field, crew):
    for officer in (field.officer.officer, *crew):
        shift(field, officer, visits_a_day=1, weekdays=(1, 2, 3, 4, 5, 6, 7) if officer in crew[:2] else ())
    low = woman_at(field.by_risk, "leve")
    plan_and_assign(field)
    assert () not in teams(participant=low)
    high = woman_at(field.by_risk, "severo_2")

    counts = services.plan_week(by=PLANNER, monday=NEXT_MONDAY, station_ids=[field.by_risk.pk], now=NOW)

    assert counts == services.PlanCounts(plans=1, visits=7, unmet=2)
    assert () not in teams(participant=high)
    assert set(teams(participant=low)) == {()}


def test_supervisors_men_and_other_stations_officers_do_not_go(field):
    OfficerFactory(posted_at=field.by_risk, is_woman=False)
    PostingFactory(officer=OfficerFactory(), station=field.by_risk, ends_on=date(2026, 11, 22))
    woman_at(field.by_risk)

    counts = plan_and_assign(field)

    assert counts.unmet == 2
    assert set(teams()) == {()}


def test_a_supervisor_goes_once_she_has_a_shift(field):
    woman_at(field.by_risk)
    plan_and_assign(field)

    shift(field, field.supervisor.officer)

    pair = tuple(sorted((field.officer.officer.pk, field.supervisor.officer.pk)))
    assert set(teams()) == {pair}


@pytest.mark.requirement("F12")
def test_short_hands_serve_the_highest_risk_and_keep_the_rest_planned(field):
    low, high = woman_at(field.by_risk, "leve"), woman_at(field.by_risk, "severo_2")
    other = OfficerFactory(posted_at=field.by_risk)
    for officer in (field.officer.officer, other):
        shift(field, officer, visits_a_day=1)

    counts = plan_and_assign(field)

    assert counts.unmet == 2
    assert set(teams(participant=low)) == {()}
    assert len(teams(participant=high)) == 7
    assert () not in teams(participant=high)
    assert staffing.station_weeks_to_staff(NOW) == [(field.by_risk.pk, NEXT_MONDAY)]


def test_who_has_to_do_with_her_does_not_go(field, crew):
    woman = woman_at(field.by_risk, "severo_2")
    plan_and_assign(field)
    barred = Officer.objects.get(pk=teams(participant=woman)[0][0])
    Conflict.objects.create(participant=woman, user=barred.user, declared_at=NOW)
    assert staffing.station_weeks_to_staff(NOW) == [(field.by_risk.pk, NEXT_MONDAY)]

    assign(field)

    assert staffing.station_weeks_to_staff(NOW) == []

    assert all(barred.pk not in team and len(team) == 2 for team in teams(participant=woman))


def test_an_absence_gives_her_visits_to_others_and_the_partner_stays(field, crew):
    woman, *_others = (woman_at(field.by_risk, "severo_2") for _n in range(3))
    plan_and_assign(field)
    gone, partner = teams(participant=woman)[0]
    hers = Visit.objects.filter(Q(first_officer=gone) | Q(second_officer=gone), planned_on__lte=date(2026, 11, 25))
    changing = hers.count()

    _absence, counts = away(field, Officer.objects.get(pk=gone), ends_on=date(2026, 11, 25))

    assert counts == services.AssignmentCounts(changed=changing, unmet=0)
    days = teams(participant=woman)
    assert all(gone not in team and partner in team for team in days[:3])
    assert days[3:] == [(gone, partner)] * 4
    event = Event.objects.get(action="visits.record_absence")
    assert event.details == {"from": "2026-11-23", "until": "2026-11-25", "changed": changing, "unmet": 0}


def test_back_again_she_takes_what_nobody_could(field):
    other = OfficerFactory(posted_at=field.by_risk)
    woman_at(field.by_risk)
    plan_and_assign(field)
    absence, counts = away(field, other)
    assert counts.unmet == 2

    assert services.withdraw_absence(by=field.supervisor, absence=absence, now=NOW).changed == 2
    assert () not in teams()
    with pytest.raises(AbsenceWithdrawn):
        services.withdraw_absence(by=field.supervisor, absence=absence, now=NOW)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [(date(2026, 11, 20), date(2026, 11, 19)), (date(2026, 11, 1), date(2026, 11, 17))]
)
def test_an_absence_that_is_over_or_ends_before_it_begins_is_refused(field, starts_on, ends_on):
    with pytest.raises(AbsenceInvalid):
        away(field, field.officer.officer, starts_on, ends_on)


def test_two_absences_of_one_officer_do_not_overlap(field):
    away(field, field.officer.officer, TODAY, date(2026, 11, 25))
    with pytest.raises(AwayAlready):
        away(field, field.officer.officer, date(2026, 11, 25))
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    "times",
    [
        services.ShiftTimes((1,), time(9), time(9), 5),
        services.ShiftTimes((8,), time(9), time(18), 5),
        services.ShiftTimes((1,), time(9), time(18), 41),
    ],
)
def test_an_impossible_shift_is_refused(field, times):
    with pytest.raises(services.ShiftInvalid):
        services.set_shift(by=field.supervisor, officer=field.officer.officer, times=times, now=NOW)
    assert not Shift.objects.exists()


@pytest.mark.requirement("F34")
def test_a_supervisor_sets_shifts_of_her_own_station_only(field):
    with pytest.raises(services.OfficerOutOfReach):
        shift(field, field.stranger.officer)
    with pytest.raises(PermissionMissing):
        services.set_shift(
            by=field.officer,
            officer=field.officer.officer,
            times=services.ShiftTimes((1,), time(9), time(18), 5),
            now=NOW,
        )


def test_an_administrator_sets_any(field):
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    times = services.ShiftTimes((1, 3), time(9), time(18), 5)
    kept = services.set_shift(by=administrator, officer=field.stranger.officer, times=times, now=NOW)
    assert (kept.weekdays, kept.visits_a_day) == ([1, 3], 5)


def test_a_re_plan_leaves_the_officers_of_days_that_stay(field, crew):
    woman = woman_at(field.by_risk, "leve")
    plan_and_assign(field)
    before = {visit.planned_on: visit.officer_ids for visit in Visit.objects.filter(participant=woman)}
    woman.current_risk.delete()
    hold_level(woman, "severo_2", pending=True)

    services.replan_participant(by=PLANNER, participant=woman, now=NOW)

    standing = Visit.objects.filter(participant=woman, plan__monday=NEXT_MONDAY, status="planned")
    after = {visit.planned_on: visit.officer_ids for visit in standing}
    assert {day: after[day] for day in before} == before
    assert sorted(after.values())[:5] == [()] * 5


def test_only_officers_chosen_by_hand_stay_when_a_higher_risk_comes(field):
    other = OfficerFactory(posted_at=field.by_risk)
    low = woman_at(field.by_risk, "leve")
    for officer in (field.officer.officer, other):
        shift(field, officer, visits_a_day=1)
    plan_and_assign(field)
    Visit.objects.filter(participant=low).update(officers_chosen=True)
    high = woman_at(field.by_risk, "severo_2")

    plan_and_assign(field)

    assert () not in teams(participant=low)
    assert teams(participant=high).count(()) == 2


@pytest.mark.parametrize("women", [1, 3])
def test_assigning_takes_a_constant_number_of_queries(field, crew, women, django_assert_num_queries):
    for _n in range(women):
        woman_at(field.by_risk, "moderado")
    services.plan_week(by=PLANNER, monday=NEXT_MONDAY, station_ids=[field.by_risk.pk], now=NOW)
    Visit.objects.update(first_officer=None, second_officer=None)

    with django_assert_num_queries(18):
        assign(field)


def test_assigning_needs_its_permission(field):
    with pytest.raises(PermissionMissing):
        services.assign_week(by=User(role=Role.OFFICER), station_ids=[], monday=NEXT_MONDAY, now=NOW)


def test_the_list_shows_her_own_visits_first(field, crew):
    others = [VisitFactory(plan__participant=woman_at(field.by_risk, level)) for level in ("severo_2", "leve")]
    officers = sorted((field.officer.officer, crew[0]), key=lambda officer: officer.pk)
    mine = VisitFactory(
        plan__participant=woman_at(field.by_risk, "leve"), first_officer=officers[0], second_officer=officers[1]
    )

    rows = list(queries.visits_on(field.officer, TODAY))

    assert [(row.pk, row.is_mine) for row in rows] == [(mine.pk, True), *((other.pk, False) for other in others)]
