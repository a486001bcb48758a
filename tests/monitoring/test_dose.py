"""The dose and what mixed the arms: every number as a slow count finds it, and no station's to the blinded."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from monitoring.dose import STATES, Dose, StationWeek, shown_weeks, total
from monitoring.models import DoseWeek
from monitoring.presenters.dose import dose_finding, mixing_figures
from monitoring.queries.contamination import Mixing, ledger_entries, mixing
from monitoring.queries.dose import station_weeks, trained_by_week
from monitoring.services import count_dose
from monitoring.shares import shown_share
from monitoring.tasks import COUNTER
from monitoring.trend_chart import BOTTOM, TOP, trend
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import ArmCrossing, Posting
from stations.queries import study_stations, trained_station_ids
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
    lock_allocation,
)
from training.models import Attendance, Session
from training.queries.coverage import coverage, coverage_by_day
from visits.models import Visit, VisitLog, WeekPlan
from visits.weeks import monday_of

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
COUNTED = (*STATES, "on_time", "without_officers", "beside_plan", "short")
READERS = [Role.ADMINISTRATOR, Role.STATISTICIAN]


@pytest.fixture
def world(committed_study):
    settings = WorldSettings(seed=7, as_of=timezone.localdate(), clusters=8, participants=64, elapsed_months=5)
    load_study(settings, now=timezone.now(), say=lambda _line: None)


@pytest.fixture
def two_arms(db):
    """A station where visits are as usual and nobody is trained, and one with both."""
    ProtocolVersionFactory()
    usual, both = StationFactory(), StationFactory()
    lock_allocation({usual: "control", both: "both"})
    return usual, both


def signed_in(role, language="es"):
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = language
    return client


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode())))


# --- Counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N12")
def test_every_week_of_every_station_is_what_a_slow_count_finds(world):
    found = {(row.station_id, row.monday): row for row in DoseWeek.objects.all()}
    slow = slow_count()

    assert found.keys() == slow.keys()
    for key, counts in slow.items():
        assert {name: getattr(found[key], name) for name in counts} == counts, key
    assert sum(row.done for row in found.values()) > 0
    assert {state for state in STATES for row in found.values() if getattr(row, state)} >= {"done", "missed", "to_come"}


def slow_count():
    usual, found, met = current_protocol().cadence.usual_visits_a_week, {}, {}
    logs = {log.visit_id: log for log in VisitLog.objects.all()}
    for visit in Visit.objects.exclude(status="superseded"):
        key = (visit.station_id, monday_of(visit.planned_on))
        counts = found.setdefault(key, Counter(dict.fromkeys(COUNTED, 0)))
        by_woman = met.setdefault(key, Counter())
        by_woman[visit.participant_id] += visit.status == "done"
        if visit.is_unplanned:
            counts["beside_plan"] += visit.status in ("done", "attempted")
            continue
        counts[slow_state(visit, logs.get(visit.pk))] += 1
        if visit.status in ("done", "attempted"):
            log = logs[visit.pk]
            on_day = timezone.localdate(log.occurred_at) >= visit.planned_on
            counts["on_time"] += on_day and log.occurred_at <= visit.grace_ends_at
        else:
            counts["without_officers"] += visit.first_officer_id is None
    for plan in latest_plans():
        if plan.shortfall:
            nothing = Counter(dict.fromkeys((*COUNTED, "women", "women_above_usual"), 0))
            found.setdefault((slow_station(plan), plan.monday), nothing)["short"] += plan.shortfall
    for key, by_woman in met.items():
        found[key]["women"] = len(by_woman)
        found[key]["women_above_usual"] = sum(times > usual for times in by_woman.values())
    return found


def latest_plans():
    latest = {}
    for plan in WeekPlan.objects.order_by("revision"):
        latest[plan.participant_id, plan.monday] = plan
    return latest.values()


def slow_station(plan):
    visit = Visit.objects.filter(plan=plan).first()
    return visit.station_id if visit else plan.participant.station_id


def slow_state(visit, log):
    if visit.status != "attempted":
        return {"planned": "to_come"}.get(visit.status, visit.status)
    return {"refused": "refused", "unsafe": "unsafe", "aborted": "unsafe"}.get(log.outcome, "not_met")


def test_counting_again_changes_nothing_and_forgets_what_is_gone(two_arms):
    woman = ParticipantFactory(station=two_arms[0])
    visit = planned(woman)
    assert count_dose(by=COUNTER, now=NOW) == 1
    assert count_dose(by=COUNTER, now=NOW + timedelta(hours=1)) == 1
    row = DoseWeek.objects.get()
    assert (row.station_id, row.monday, row.to_come, row.women) == (two_arms[0].pk, MONDAY, 1, 1)
    assert row.counted_at == NOW + timedelta(hours=1)
    Visit.objects.filter(pk=visit.pk).update(status="superseded")
    assert count_dose(by=COUNTER, now=NOW) == 0
    assert not DoseWeek.objects.exists()


def test_what_found_no_day_is_counted_by_the_last_plan_even_where_no_visit_is_left(two_arms):
    woman = ParticipantFactory(station=two_arms[1])
    WeekPlanFactory(participant=woman, monday=MONDAY, revision=1, shortfall=3, superseded_at=NOW)
    WeekPlanFactory(participant=woman, monday=MONDAY, revision=2, shortfall=2)
    assert count_dose(by=COUNTER, now=NOW) == 1
    row = DoseWeek.objects.get()
    assert (row.station_id, row.short, row.women, row.to_come) == (two_arms[1].pk, 2, 0, 0)


def test_each_week_says_who_was_trained_by_its_end(two_arms):
    _usual, both = two_arms
    first, second = (OfficerFactory(posted_at=both) for _n in range(2))
    OfficerFactory(posted_at=_usual)
    hold_session(both, [first])
    weeks = [StationWeek(both.pk, MONDAY + timedelta(days=7 * number), Dose()) for number in (-8, -1, 0)]
    found = trained_by_week(weeks, today=TUESDAY)
    for (station, monday), counts in found.items():
        day = min(monday + timedelta(days=6), TUESDAY)
        (line,) = (one for one in coverage(on=day) if one.station.station_id == station)
        assert counts == (line.complete, line.officers)
    assert {officers for _whole, officers in found.values()} <= {0, 2}
    assert second.pk != first.pk


def planned(woman, on=MONDAY, **changes):
    return VisitFactory(plan=plan_of(woman), participant=woman, station=woman.station, planned_on=on, **changes)


def plan_of(woman):
    return woman.week_plans.first() or WeekPlanFactory(participant=woman, monday=MONDAY)


def test_nothing_is_counted_before_the_draw(db):
    assert count_dose(by=COUNTER, now=NOW) == 0


def test_who_may_not_watch_cannot_count(two_arms):
    with pytest.raises(PermissionMissing):
        count_dose(by=UserFactory(role=Role.OFFICER), now=NOW)


def test_the_database_refuses_more_on_time_than_attempted(two_arms):
    zero = dict.fromkeys((*STATES, "without_officers", "beside_plan", "women", "women_above_usual"), 0)
    with pytest.raises(IntegrityError):
        DoseWeek.objects.create(station=two_arms[0], monday=MONDAY, on_time=1, counted_at=NOW, **zero)


def test_coverage_of_many_days_is_that_of_each_day(world):
    days = [timezone.localdate() - timedelta(days=number) for number in (0, 40, 90, 200)]
    slow = {(line.station.station_id, day): (line.complete, line.officers) for day in days for line in coverage(on=day)}
    assert coverage_by_day(days) == slow
    assert any(whole for whole, _officers in slow.values())


# --- What is shown ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N12")
@pytest.mark.parametrize("role", READERS)
def test_readers_of_the_arm_read_every_station_as_it_is(world, role):
    client = signed_in(role, "en")
    page = client.get(reverse("visit_dose"))
    weeks = station_weeks(until=timezone.localdate())

    by_station = {row.label: row.dose for row in page.context["stations"]}
    for drawn in study_stations():
        of_station = total(week for week in weeks if week.station_id == drawn.station_id)
        assert by_station[drawn.study_code] == of_station
    assert by_station[""] == total(weeks)
    trained = {row.label for row in page.context["stations"] if row.trained and row.label}
    assert trained == {drawn.study_code for drawn in study_stations() if drawn.station_id in trained_station_ids()}
    file = rows_of(client.get(reverse("visit_dose_file")))
    assert len(file) == len(weeks) + 1
    assert sum(int(row[2]) for row in file[1:]) == total(weeks).done


@pytest.mark.requirement("N12")
@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ETHICS_BOARD])
def test_the_blinded_read_no_station_and_no_small_cell(world, role):
    client = signed_in(role)
    page, file = client.get(reverse("visit_dose")), client.get(reverse("visit_dose_file")).content.decode()

    assert not page.context["stations"]
    assert not page.context["weeks"]
    for drawn in study_stations():
        assert drawn.study_code not in page.content.decode() + file
    shown = [week for _name, week in page.context["shown"]]
    assert all(count is None or count == 0 or count >= 5 for week in shown for count in (*week.states, week.planned))
    assert shown[-1].planned == total(station_weeks(until=timezone.localdate())).planned


def test_nothing_counted_says_when_it_will_be(two_arms):
    assert "Todavía no hay visitas contadas" in signed_in(Role.RESEARCHER).get(reverse("visit_dose")).content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.INTERVIEWER, Role.SAFETY_OFFICER])
@pytest.mark.parametrize("name", ["visit_dose", "visit_dose_file", "ledger", "ledger_file"])
def test_pages_are_closed_to_the_others(two_arms, role, name):
    assert signed_in(role).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("women", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("visit_dose", 18), ("ledger", 19)])
def test_pages_cost_the_same_for_any_number(two_arms, django_assert_num_queries, women, name, queries):
    for _n in range(women):
        planned(ParticipantFactory(station=two_arms[0]))
        planned(ParticipantFactory(station=two_arms[1]))
        move_officer(*two_arms)
    count_dose(by=COUNTER, now=NOW)
    client = signed_in(Role.ADMINISTRATOR)
    client.get(reverse(name))
    with django_assert_num_queries(queries):
        client.get(reverse(name))


def a_week(counts):
    return StationWeek(1, MONDAY, Dose(**counts))


@given(st.lists(st.fixed_dictionaries({state: st.integers(0, 9) for state in STATES}), max_size=6))
def test_no_hidden_count_can_be_worked_out(counts):
    weeks = [StationWeek(1, MONDAY + timedelta(days=7 * n), Dose(**one)) for n, one in enumerate(counts)]
    for line in shown_weeks(weeks):
        cells = (*line.states, line.planned)
        assert all(cell is None or cell == 0 or cell >= 5 for cell in cells)
        assert sum(cell is None for cell in cells) != 1


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 0, None), (0, 10, 0), (4, 10, None), (5, 10, 50), (6, 10, None), (10, 10, 100), (2, 2, None)],
)
def test_a_share_that_tells_a_small_count_is_not_shown(part, whole, shown):
    assert shown_share(part, whole) == shown


def test_the_sentence_speaks_of_the_week_that_is_over():
    done = a_week({"done": 15, "missed": 5, "on_time": 10})
    assert "75 %" in dose_finding([done], this_monday=MONDAY + timedelta(days=7))
    assert dose_finding([done], this_monday=MONDAY) == ""


def test_a_line_has_gaps_lone_dots_and_names_that_do_not_cover_each_other():
    chart = trend(["a", "b", "c", "d"], {"one": [0, None, 50, 100], "two": [None, 99, None, 100], "none": [None] * 4})
    assert [line.name for line in chart.lines] == ["one", "two"]
    assert [(len(line.runs), len(line.dots)) for line in chart.lines] == [(1, 1), (0, 2)]
    assert chart.lines[0].dots[0][1] == BOTTOM
    assert chart.lines[0].runs[0].endswith(f",{TOP}")
    assert abs(chart.lines[0].name_y - chart.lines[1].name_y) >= 15
    assert trend(["a"], {"none": [None]}) is None
    assert trend([], {}) is None


# --- What mixed the arms ----------------------------------------------------------------------------------------------


def move_officer(here, there):
    officer = OfficerFactory(posted_at=here)
    first = officer.postings.get()
    Posting.objects.filter(pk=first.pk).update(ends_on=MONDAY)
    posting = Posting.objects.create(officer=officer, station=there, starts_on=TUESDAY, follows=first)
    ArmCrossing.objects.create(
        officer=officer, posting=posting, from_station=here, to_station=there,
        last_day_there=MONDAY, first_day_here=posting.starts_on,
    )  # fmt: skip
    return officer


def hold_session(station, officers):
    session = Session.objects.create(station=station, status="held", modules=[1], held_on=MONDAY)
    for officer in officers:
        Attendance.objects.create(session=session, officer=officer, module=1, came=True, counts=True)


@pytest.mark.requirement("N12")
def test_the_ledger_has_each_move_each_session_and_each_week_above_the_usual(two_arms):
    usual, both = two_arms
    moved = move_officer(both, usual)
    hold_session(usual, [moved, OfficerFactory(posted_at=usual)])
    hold_session(both, [OfficerFactory(posted_at=both)])
    woman, other = ParticipantFactory(station=usual), ParticipantFactory(station=both)
    for day in range(3):
        planned(woman, on=MONDAY + timedelta(days=day), status="done")
        planned(other, on=MONDAY + timedelta(days=day), status="done")
    count_dose(by=COUNTER, now=NOW)

    entries, weeks = ledger_entries(), station_weeks(until=MONDAY)
    assert [(one.kind, one.who) for one in entries] == [("officer", moved.code), ("session", "2")]
    assert mixing(entries, weeks, today=TUESDAY) == Mixing(
        officers_moved=1,
        women_moved=0,
        sessions_without_training=1,
        trained_without_training=2,
        women_weeks_above_usual=1,
        women_weeks=1,
    )


@pytest.mark.requirement("N12")
def test_the_board_reads_the_ledger_in_counts_without_a_station_or_a_small_number(world):
    client, reader = signed_in(Role.ETHICS_BOARD), signed_in(Role.ADMINISTRATOR)
    pages = client.get(reverse("ledger")).content.decode() + client.get(reverse("ledger_file")).content.decode()
    for entry in ledger_entries():
        assert entry.to_station not in pages
        if entry.kind != "session":
            assert entry.who not in pages
            assert entry.who in reader.get(reverse("ledger_file")).content.decode()
    for drawn in study_stations():
        assert drawn.study_code not in pages


def test_small_numbers_are_told_as_fewer_than_five_to_the_blinded_alone():
    few = Mixing(3, 0, 7, 1, 4, 40)
    assert [figure.number for figure in mixing_figures(few, hides_small=False)][:3] == ["3", "0", "7"]
    hidden = [figure.number for figure in mixing_figures(few, hides_small=True)]
    assert "3" not in hidden
    assert hidden[1:3] == ["0", "7"]
    assert hidden[-1] == "–"
