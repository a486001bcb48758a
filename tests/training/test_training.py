"""Training: recorded where the arm has it, refused elsewhere without a reason, and counted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from stations.models import Station
from stations.queries import study_stations, trained_station_ids
from tests.factories import NOW, TODAY, OfficerFactory, UserFactory
from tests.fixtures.study import SYSTEM
from training.models import Attendance, Session
from training.queries import coverage
from training.services import (
    KnowledgeScores,
    NotATrainingStation,
    OfficerNotPosted,
    SessionInFuture,
    SessionRecorded,
    record_session,
)

pytestmark = pytest.mark.django_db

MODULE = Session.Module.GENDER_ROLES


def a_station(*, trained: bool) -> Station:
    inside = trained_station_ids()
    return next(drawn.station for drawn in study_stations() if (drawn.station_id in inside) == trained)


def record(station: Station, **changes):
    values = {"by": SYSTEM, "module": MODULE, "held_on": TODAY, "attended": {}, "now": NOW, **changes}
    return record_session(station=station, **values)


@pytest.mark.requirement("F52")
def test_coverage_counts_officers_of_the_station_once(allocated):
    station = a_station(trained=True)
    officers = [OfficerFactory(posted_at=station) for _n in range(3)]
    record(station, attended=dict.fromkeys(officers[:2], KnowledgeScores(40, 80)))
    record(station, attended={officers[0]: KnowledgeScores()}, held_on=TODAY - timedelta(days=7))
    line = next(line for line in coverage(on=TODAY) if line.station.station_id == station.pk)
    assert (line.officers, line.attended) == (3, {1: 2, 2: 0})
    kept = Attendance.objects.filter(officer=officers[1]).values_list("score_before", "score_after")
    assert list(kept) == [(40, 80)]


def test_only_stations_of_the_training_arms_are_listed(allocated):
    assert {line.station.station_id for line in coverage(on=TODAY)} == trained_station_ids()
    assert len(trained_station_ids()) == 8


@pytest.mark.requirement("F52")
def test_session_elsewhere_is_a_deviation_with_a_reason(allocated):
    station = a_station(trained=False)
    with pytest.raises(NotATrainingStation):
        record(station)
    session = record(station, deviation_reason="Held by mistake, reported to the board")
    assert Event.objects.get(action="training.record_session").reason == session.deviation_reason


@pytest.mark.parametrize(("days", "refused"), [(0, False), (1, True)])
def test_session_is_recorded_once_it_was_held(allocated, days, refused):
    station = a_station(trained=True)
    if refused:
        with pytest.raises(SessionInFuture):
            record(station, held_on=TODAY + timedelta(days=days))
    else:
        assert record(station, held_on=TODAY + timedelta(days=days)).held_on == TODAY


def test_same_session_twice_is_refused(allocated):
    record(a_station(trained=True))
    with pytest.raises(SessionRecorded):
        record(a_station(trained=True))


def test_officer_of_another_station_cannot_attend(allocated):
    with pytest.raises(OfficerNotPosted):
        record(a_station(trained=True), attended={OfficerFactory(): KnowledgeScores()})


def test_only_administrators_record(allocated):
    with pytest.raises(PermissionMissing):
        record(a_station(trained=True), by=UserFactory(role=Role.SUPERVISOR))


def test_administrator_records_a_session_by_its_roster(client, allocated):
    station = a_station(trained=True)
    officer = OfficerFactory(posted_at=station)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.cookies["idioma"] = "en"
    typed = {"station": station.pk, "module": 1, "held_on": TODAY.isoformat()}
    assert officer.code in client.get(reverse("training_record"), typed).content.decode()
    response = client.post(reverse("training_record"), {**typed, "attended": [officer.pk]}, follow=True)
    assert "The session is recorded." in response.content.decode()
    assert Session.objects.get().attendances.get().officer == officer
