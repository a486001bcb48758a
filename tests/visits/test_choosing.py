"""A supervisor chooses who goes: within the rules of sending officers, kept by every later plan, and taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

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
from tests.visits.test_board_views import coming_monday
from tests.visits.test_planning import NEXT_MONDAY, hold_level, plan, replan, woman_at
from tests.visits.test_views import page_of, signed_in
from visits import services, tasks
from visits.assignment import OpenVisit
from visits.availability import Duty, StandingVisit, staff_visits
from visits.choosing import Bar, candidates, team_bar
from visits.models import Visit, VisitChange
from visits.queries import staffing
from visits.services.moving import ChangeNotUndoable

Reason = VisitChange.Reason
DAY = date(2026, 11, 24)
HOURS = (time(9), time(18))


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


# --- The rule by itself ----------------------------------------------------------------------------------------------

duties = st.builds(
    Duty,
    officer=st.integers(1, 5),
    serves=st.just(((date(2026, 1, 1), None),)),
    visits_a_day=st.integers(0, 2),
    weekdays=st.frozensets(st.integers(1, 7)),
    hours=st.one_of(st.none(), st.just((time(8), time(14))), st.just((time(14), time(20)))),
)
visits = st.builds(
    StandingVisit,
    visit=st.builds(
        OpenVisit,
        key=st.integers(1, 6),
        woman=st.integers(1, 6),
        day=st.just(DAY),
        rank=st.integers(0, 3),
        window=st.just(HOURS),
        barred=st.frozensets(st.integers(1, 5), max_size=2),
    ),
    officers=st.lists(st.integers(1, 5), min_size=2, max_size=2, unique=True).map(lambda pair: tuple(sorted(pair))),
    are_chosen=st.booleans(),
)


@pytest.mark.requirement("F12")
@given(
    st.lists(duties, unique_by=lambda duty: duty.officer, max_size=5),
    st.lists(visits, unique_by=lambda one: one.visit.key, min_size=1, max_size=6),
    st.lists(st.integers(1, 5), min_size=2, max_size=2, unique=True).map(lambda pair: tuple(sorted(pair))),
)
def test_a_team_that_may_be_chosen_stays_when_the_rule_shares_out_the_rest(staff, standing, team):
    mine, *rest = standing
    standing = [mine, *(one for one in rest if not one.are_chosen), *fitting_chosen(rest, staff)]
    by_officer = {duty.officer: duty for duty in staff}
    if team_bar(team, mine, standing, by_officer, size=2) is not None:
        return
    after = [StandingVisit(mine.visit, team, are_chosen=True), *standing[1:]]
    found = staff_visits(after, staff, known={}, size=2)
    assert found.officers[mine.visit.key] == team


def fitting_chosen(standing, staff):
    """Chosen visits as choosing one after the other would have left them."""
    by_officer, kept = {duty.officer: duty for duty in staff}, []
    for one in standing:
        if one.are_chosen and team_bar(one.officers, one, kept, by_officer, size=2) is None:
            kept.append(one)
    return kept


def test_a_conflict_and_hours_that_do_not_meet_read_the_same():
    duty = Duty(1, ((date(2026, 1, 1), None),), 2)
    late = Duty(2, ((date(2026, 1, 1), None),), 2, hours=(time(19), time(20)))
    visit = StandingVisit(OpenVisit(1, 1, DAY, 0, HOURS, frozenset({1})))
    assert [one.bar for one in candidates(visit, [visit], [duty, late])] == [Bar.NOT_POSSIBLE, Bar.NOT_POSSIBLE]


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def coming(field):
    """A visit of the coming week of the calendar, with officers."""
    officers(field)
    woman = woman_at(field.by_risk, "leve")
    words = {"by": tasks.PLANNER, "monday": coming_monday(), "station_ids": [field.by_risk.pk], "now": timezone.now()}
    services.plan_week(**words)
    services.assign_week(**words)
    return woman.visits.filter(plan__monday=coming_monday()).earliest("planned_on")


@pytest.mark.requirement("N1")
def test_the_page_chooses_shows_who_cannot_go_and_is_undone(field, coming):
    client, team = signed_in(field.supervisor), others(coming)
    address = reverse("visit_officers", args=[coming.pk])
    barred = Officer.objects.get(pk=coming.officer_ids[0])
    Conflict.objects.create(participant=coming.participant, user=barred.user, declared_at=timezone.now())

    page = page_of(client.get(address))
    assert "No es posible para esta visita." in page
    assert f'value="{barred.pk}"' not in page
    page = page_of(client.post(address, {"officers": [one.pk for one in team], "reason": "knows_them"}, follow=True))

    assert "Elegidas" in page
    assert state_of(coming) == (tuple(one.pk for one in team), True)
    (change,) = VisitChange.objects.all()
    assert "Deshecho" in page_of(client.post(reverse("change_undo", args=[change.pk]), follow=True))
    assert not state_of(coming)[1]


@pytest.mark.parametrize(
    "sent",
    [{"reason": "knows_them"}, {"officers": ["1"], "reason": "knows_them"}, {"officers": ["x"], "reason": "no"}],
)
def test_bad_input_changes_nothing(field, coming, sent):
    client, before = signed_in(field.supervisor), state_of(coming)
    response = client.post(reverse("visit_officers", args=[coming.pk]), sent)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert state_of(coming) == before


def test_one_too_few_is_said_and_what_was_ticked_stays(field, coming):
    (one,) = others(coming, 1)
    response = signed_in(field.supervisor).post(
        reverse("visit_officers", args=[coming.pk]), {"officers": [one.pk], "reason": "shares_work"}
    )
    page = page_of(response)
    assert "Elija tantas oficiales como van a una visita." in page
    assert f'value="{one.pk}" ' in page
    assert "checked" in page


def test_whoever_was_dragged_in_is_ticked_in_the_place_of_whom(field, coming):
    going, (came, *_rest) = coming.officer_ids[0], others(coming)
    address = reverse("visit_officers", args=[coming.pk])
    client = signed_in(field.supervisor)
    form = client.get(address, {"con": came.pk, "sin": going}).context["form"]
    assert form.initial["officers"] == [came.pk, coming.officer_ids[1]]
    assert client.get(address, {"con": "x", "sin": "²"}).context["form"].initial["officers"] == list(coming.officer_ids)


def test_the_page_is_her_stations_supervisors_alone(field, coming):
    address = reverse("visit_officers", args=[coming.pk])
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=field.as_usual).user
    assert signed_in(elsewhere).get(address).status_code == 404
    assert signed_in(field.officer).get(address).status_code == 403


@pytest.mark.parametrize("number", [2, 6])
def test_the_page_takes_a_constant_number_of_queries(field, coming, number, django_assert_num_queries):
    officers(field, number)
    client = signed_in(field.supervisor)
    with django_assert_num_queries(14):
        client.get(reverse("visit_officers", args=[coming.pk]))
