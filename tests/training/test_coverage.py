"""Coverage: officers where they serve today, what they attended anywhere, and who is missing."""

from datetime import time, timedelta

import pytest

from stations.queries import trained_station_ids
from stations.services import post_officer
from tests.factories import TODAY, OfficerFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import ABSENT, LAST_WEEK, a_station, plan, record
from training.attendance import Entry
from training.queries.coverage import coverage, officers_missing, score_changes
from training.services import withdraw_session

pytestmark = pytest.mark.django_db


def line_of(station, on=TODAY):
    return next(line for line in coverage(on=on) if line.station.station_id == station.pk)


@pytest.mark.requirement("F52")
def test_coverage_counts_officers_of_the_station_once(station, officers):
    record(plan(station), officers[:2])
    record(plan(station, modules=[1, 2], at=time(14)), officers[:1])
    line = line_of(station)
    assert (line.officers, line.attended, line.complete) == (3, {1: 2, 2: 1}, 1)
    assert line.incomplete == [(officers[1], [2]), (officers[2], [1, 2])]


def test_only_stations_of_the_training_arms_are_listed(allocated):
    assert {line.station.station_id for line in coverage(on=TODAY)} == trained_station_ids()
    assert len(trained_station_ids()) == 8


def test_there_is_no_coverage_before_stations_are_drawn(db):
    assert coverage(on=TODAY) == []


def test_too_late_is_missing(station, officers):
    late = [Entry(came=True, minutes_late=minutes) for minutes in (30, 31)]
    record(plan(station), dict(zip(officers, late, strict=False)))
    assert line_of(station).missing[1] == officers[1:]


def test_newcomer_after_the_session_is_missing(station, officers):
    record(plan(station), officers)
    assert line_of(station).missing[1] == []
    newcomer = OfficerFactory()
    post_officer(by=SYSTEM, officer=newcomer, station=station, starts_on=TODAY)
    assert line_of(station).missing[1] == [newcomer]


def test_officer_transferred_between_the_sessions_takes_her_module_along(station, officers):
    other = next(line.station.station for line in coverage(on=TODAY) if line.station.station_id != station.pk)
    record(plan(station), officers)
    post_officer(by=SYSTEM, officer=officers[0], station=other, starts_on=LAST_WEEK + timedelta(days=1))
    record(plan(other, modules=[2], held_on=TODAY), officers[:1])
    assert (line_of(station).officers, line_of(station).attended) == (2, {1: 2, 2: 0})
    assert (line_of(other).officers, line_of(other).attended, line_of(other).complete) == (1, {1: 1, 2: 1}, 1)


@pytest.mark.parametrize(("days", "attended"), [(-1, 0), (0, 3)])
def test_session_counts_from_its_day(station, officers, days, attended):
    record(plan(station), officers)
    assert line_of(station, on=LAST_WEEK + timedelta(days=days)).attended[1] == attended


def test_withdrawn_session_counts_no_more(station, officers):
    session = record(plan(station), officers)
    withdraw_session(by=SYSTEM, session=session, reason="Another station's list", seen=1)
    assert line_of(station).attended[1] == 0
    assert score_changes() == []


def test_planned_session_does_not_count_yet(station, officers):
    plan(station)
    assert officers_missing(station.pk, [1], on=TODAY) == officers


def test_query_count_does_not_grow(station, officers, django_assert_num_queries):
    record(plan(station), officers[:1])
    with django_assert_num_queries(7):
        coverage(on=TODAY)
    record(plan(station, at=time(14)), officers[:2])
    for _n in range(3):
        OfficerFactory(posted_at=a_station(trained=True))
    with django_assert_num_queries(7):
        coverage(on=TODAY)


def test_scores_are_compared_where_both_tests_were_taken(station, officers):
    both = [Entry(came=True, score_before=before, score_after=70) for before in (40, 60)]
    record(plan(station), {**dict(zip(officers, both, strict=False)), officers[2]: Entry(came=True, score_before=10)})
    (found,) = score_changes()
    assert (found.station_id, found.module, found.tested) == (station.pk, 1, 2)
    assert (found.before, found.after, found.change) == (50, 70, 20)


def test_absent_officers_have_no_score(station, officers):
    record(plan(station), {officers[0]: Entry(came=True, score_before=40), officers[1]: ABSENT})
    assert score_changes() == []
