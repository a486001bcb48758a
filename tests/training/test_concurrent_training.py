"""Two administrators in the same second: what the protocol allows is counted once, what one wrote is not lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import StudyError
from stations.models import Station
from tests.factories import OfficerFactory, ProtocolVersionFactory, StationFactory, lock_allocation
from tests.training.conftest import ABSENT, CAME, plan, record
from training.models import Session
from training.queries.sessions import entries
from training.services import SessionChangedMeanwhile, SessionsUsedUp, SessionTaken


@pytest.fixture
def committed_station(committed_study) -> Station:
    ProtocolVersionFactory()
    stations = [StationFactory(), StationFactory()]
    lock_allocation({stations[0]: "training", stations[1]: "control"})
    return stations[0]


def at_once(*acts) -> list[str]:
    """Do these at the same moment, each on a connection of its own; return how each ended."""
    together = Barrier(len(acts))

    def attempt(act) -> str:
        together.wait()
        try:
            act()
        except StudyError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(attempt, acts))


@pytest.mark.parametrize(("hours", "refusal"), [((10, 11), SessionsUsedUp), ((10, 10), SessionTaken)])
def test_last_session_that_the_protocol_allows_is_planned_once(committed_station, hours, refusal):
    if refusal is SessionsUsedUp:
        plan(committed_station, at=time(9))
    assert at_once(*(lambda hour=hour: plan(committed_station, at=time(hour)) for hour in hours)) == sorted(
        ["done", refusal.code]
    )
    assert Session.objects.filter(start_time__in=[time(hour) for hour in hours]).count() == 1


def test_second_of_two_who_write_down_at_once_is_told(committed_station):
    officer = OfficerFactory(posted_at=committed_station)
    colleague = OfficerFactory(posted_at=committed_station)
    session = plan(committed_station)
    ended = at_once(
        lambda: record(session, {officer: CAME, colleague: ABSENT}, seen=0),
        lambda: record(session, {officer: ABSENT, colleague: CAME}, seen=0),
    )
    assert ended == sorted(["done", SessionChangedMeanwhile.code])
    assert sorted(entry.came for entry in entries(session).values()) == [False, True]
