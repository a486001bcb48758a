"""Training: recorded where the arm has it, refused elsewhere without a reason, and counted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from protocol.services import load_protocol
from stations.frame_file import read_frame
from stations.models import Station
from stations.queries import study_stations, trained_station_ids
from stations.services import allocate_stations, import_frame, lock_allocation
from tests.factories import NOW, TODAY, OfficerFactory, UserFactory
from training.models import Session
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

SYSTEM = SystemActor("test", frozenset(Permission))
MODULE = Session.Module.GENDER_ROLES


@pytest.fixture
def allocated():
    files = {name: Path(f"stations/data/lima_{name}.csv").read_bytes() for name in ("stations_2017", "districts")}
    text = Path("protocol/studies/peru_home_visits.toml").read_text()
    load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW)
    rows = read_frame(
        stations=files["stations_2017"], districts=files["districts"], stations_name="s", districts_name="d"
    )
    import_frame(by=SYSTEM, stations=rows[0], districts=rows[1])
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)


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
