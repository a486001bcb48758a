"""Women who were hurt again while their level was low: what the sheet did not see."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from monitoring.queries import Surprise, incidents_at_low_level
from participants.models import IncidentReport
from participants.safe_contact import LIMA
from tests.factories import (
    NOW,
    AssessmentFactory,
    LoweringFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    UserFactory,
    VisitFactory,
)
from tests.participants.conftest import Care, make_care
from tests.participants.test_views import signed_in
from visits.models import VisitLog
from visits.weeks import monday_of

DAY = timedelta(days=1)


@pytest.fixture
def care(db) -> Care:
    ProtocolVersionFactory()
    return make_care()


@pytest.fixture
def now():
    return timezone.now()


def told_at_a_visit(woman, at, answer="yes"):
    visit = VisitFactory(
        plan__participant=woman, plan__monday=monday_of(at.date()), planned_on=at.date(), status="done"
    )
    VisitLog.objects.create(visit=visit, outcome="met", occurred_at=at, received_at=at, new_incident=answer)


def reported(woman, on):
    IncidentReport.objects.create(
        code=f"R{woman.pk}", station=woman.station, reported_on=on, received_at=NOW, source="typed", participant=woman
    )


def sheet(woman, at, rank):
    level = ("leve", "moderado", "severo_1", "severo_2")[rank]
    return AssessmentFactory(participant=woman, assessed_at=at, level=level, computed_level=level, level_rank=rank)


@pytest.mark.requirement("N23")
@pytest.mark.parametrize(("rank", "is_listed"), [(0, True), (1, True), (2, False), (3, False)])
def test_an_incident_told_at_a_visit_counts_at_the_two_lowest_levels(care, now, rank, is_listed):
    woman = ParticipantFactory(station=care.station)
    sheet(woman, now - 20 * DAY, rank)
    told_at_a_visit(woman, now - 2 * DAY)
    # What is known afterwards does not change what was held before.
    sheet(woman, now - DAY, 3 - rank)

    found = incidents_at_low_level(care.supervisor, today=timezone.localdate(now))

    on = timezone.localdate(now - 2 * DAY)
    assert found == ([Surprise(woman.study_code, on, rank, by_visit=True)] if is_listed else [])


@pytest.mark.parametrize(("answer", "days"), [("no", 2), ("unknown", 2), ("yes", 190)])
def test_no_incident_and_no_old_one_is_listed(care, now, answer, days):
    woman = ParticipantFactory(station=care.station)
    sheet(woman, now - 300 * DAY, 0)
    told_at_a_visit(woman, now - days * DAY, answer)

    assert incidents_at_low_level(care.supervisor, today=timezone.localdate(now)) == []


def test_a_new_report_is_listed_apart_from_what_she_told(care, now):
    woman = ParticipantFactory(station=care.station, enrolled_on=timezone.localdate(now - 60 * DAY))
    sheet(woman, now - 50 * DAY, 1)
    told_at_a_visit(woman, now - 3 * DAY)
    reported(woman, timezone.localdate(now - DAY))

    found = incidents_at_low_level(care.supervisor, today=timezone.localdate(now))

    assert [(one.by_visit, one.rank) for one in found] == [(False, 1), (True, 1)]


@pytest.mark.requirement("N23")
@pytest.mark.parametrize(("minutes", "rank"), [(-1, 0), (1, 1)])
def test_what_was_held_before_a_report_is_counted_until_her_days_midnight_in_lima(care, now, minutes, rank):
    woman = ParticipantFactory(station=care.station, enrolled_on=timezone.localdate(now - 60 * DAY))
    sheet(woman, now - 50 * DAY, 1)
    day = timezone.localdate(now - DAY)
    sheet(woman, datetime.combine(day, time(), LIMA) + timedelta(minutes=minutes), 0)
    reported(woman, day)

    assert incidents_at_low_level(care.supervisor, today=timezone.localdate(now)) == [
        Surprise(woman.study_code, day, rank, by_visit=False)
    ]


def test_the_report_that_brought_her_is_no_new_incident(care, now):
    today = timezone.localdate(now)
    woman = ParticipantFactory(station=care.station, enrolled_on=today - 60 * DAY)
    sheet(woman, now - 100 * DAY, 0)
    reported(woman, today - 60 * DAY)

    assert incidents_at_low_level(care.supervisor, today=today) == []


def test_a_level_that_was_never_there_is_not_low(care, now):
    told_at_a_visit(ParticipantFactory(station=care.station), now - DAY)

    assert incidents_at_low_level(care.supervisor, today=timezone.localdate(now)) == []


def test_a_confirmed_lowering_counts_from_its_hour(care, now):
    woman = ParticipantFactory(station=care.station)
    high = sheet(woman, now - 20 * DAY, 2)
    LoweringFactory(
        assessment=high, state="confirmed", reason="protected", decided_by=care.supervisor, decided_at=now - 10 * DAY
    )
    told_at_a_visit(woman, now - 15 * DAY)
    told_at_a_visit(woman, now - 5 * DAY)

    found = incidents_at_low_level(care.supervisor, today=timezone.localdate(now))

    assert [one.on for one in found] == [timezone.localdate(now - 5 * DAY)]


def test_the_list_is_of_the_station_and_whole_for_the_safety_officer(care, now):
    for station in (care.station, ParticipantFactory().station):
        woman = ParticipantFactory(station=station)
        sheet(woman, now - 20 * DAY, 0)
        told_at_a_visit(woman, now - DAY)

    counts = [
        len(signed_in(user).get(reverse("low_level_incidents")).context["rows"])
        for user in (care.supervisor, UserFactory(role=Role.SAFETY_OFFICER))
    ]

    assert counts == [1, 2]


@pytest.mark.parametrize("women", [1, 3])
def test_the_list_asks_the_database_the_same(care, now, women, django_assert_num_queries):
    for _ in range(women):
        woman = ParticipantFactory(station=care.station)
        sheet(woman, now - 20 * DAY, 0)
        told_at_a_visit(woman, now - DAY)
    client = signed_in(care.supervisor)

    with django_assert_num_queries(6):
        client.get(reverse("low_level_incidents"))
