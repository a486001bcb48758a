"""The training that stations of two arms received before the first enrolment, into the tables of `training`."""

from collections.abc import Iterator
from typing import Any

from numpy.random import Generator

from simulation.copying import copy_rows, reserve_ids
from simulation.loading import Loading
from stations.models import Officer
from training.models import Attendance, Session

_FIRST_SESSION_DAY, _LAST_SESSION_DAY = -45, -7
_ATTENDED = 0.92
_BEFORE, _GAIN, _SPREAD = 55.0, 18.0, 12.0


def load_training(rng: Generator, load: Loading, *, trained: list[bool]) -> None:
    """Write both modules at each trained station, and which of its officers attended, with their tests (0–100)."""
    places = [
        (station, module) for station, is_trained in enumerate(trained) if is_trained for module in Session.Module
    ]
    ids = reserve_ids(Session, len(places))
    days = rng.integers(_FIRST_SESSION_DAY, _LAST_SESSION_DAY, size=len(places)).tolist()
    copy_rows(
        Session,
        ("id", "station_id", "module", "held_on", "trainer", "deviation_reason"),
        (
            (session_id, load.stations[station], int(module), load.clock.date(day), "", "")
            for session_id, (station, module), day in zip(ids, places, days, strict=True)
        ),
    )
    attendances = _attendances(rng, load, [station for station, _ in places], ids)
    copy_rows(Attendance, ("session_id", "officer_id", "score_before", "score_after"), attendances)


def _attendances(rng: Generator, load: Loading, stations: list[int], ids: list[int]) -> Iterator[tuple[Any, ...]]:
    officers = dict(Officer.objects.values_list("user_id", "pk"))
    for session_id, station in zip(ids, stations, strict=True):
        for user in (load.team.supervisors[station], *load.team.officers[station]):
            if rng.random() < _ATTENDED:
                before = rng.normal(_BEFORE, _SPREAD)
                after = before + rng.normal(_GAIN, _SPREAD / 2)
                yield session_id, officers[user], *(int(min(max(score, 0), 100)) for score in (before, after))
