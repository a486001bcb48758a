"""A study under way: stations of both kinds with their officers, and sessions in few words."""

from datetime import date, time, timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from stations.models import Allocation, Officer, Station
from stations.queries import study_stations, trained_station_ids
from tests.factories import NOW, TODAY, OfficerFactory, UserFactory
from tests.fixtures.study import SYSTEM
from training.attendance import Entry
from training.models import Session
from training.services import SessionFacts, plan_session, record_attendance

LAST_WEEK = TODAY - timedelta(days=7)
CAME = Entry(came=True)
ABSENT = Entry(came=False)


def a_station(*, trained: bool) -> Station:
    inside = trained_station_ids()
    return next(drawn.station for drawn in study_stations() if (drawn.station_id in inside) == trained)


@pytest.fixture
def station(allocated: Allocation) -> Station:
    """A station whose arm has training."""
    return a_station(trained=True)


@pytest.fixture
def officers(station: Station) -> list[Officer]:
    """Three officers who have served there for long."""
    return [OfficerFactory(posted_at=station) for _n in range(3)]


@pytest.fixture
def administrator(client: Client, allocated: Allocation) -> Client:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.cookies["idioma"] = "en"
    return client


def facts(held_on: date = LAST_WEEK, at: time | None = time(9), **changes) -> SessionFacts:
    return SessionFacts(**{"held_on": held_on, "start_time": at, "place": "Auditorio", "trainers": ("T1",), **changes})


def plan(station: Station, *, modules=(1,), kind=Session.Kind.REGULAR, deviation_reason="", **when) -> Session:
    return plan_session(
        by=SYSTEM, station=station, kind=kind, modules=modules, facts=facts(**when), deviation_reason=deviation_reason
    )


def record(session: Session, came, *, module: int | None = None, reason: str = "", seen: int | None = None) -> Session:
    """Write down entries by officer (or that each of a list came), for one module or for all of the session."""
    by_officer = came if isinstance(came, dict) else dict.fromkeys(came, CAME)
    modules = session.modules if module is None else [module]
    entries = {(officer.pk, number): entry for officer, entry in by_officer.items() for number in modules}
    seen = Session.objects.get(pk=session.pk).revision if seen is None else seen
    return record_attendance(by=SYSTEM, session=session, entries=entries, seen=seen, now=NOW, reason=reason)
