"""The training that stations of two arms received before the first enrolment, into the tables of `training`.

Every other station is taught both modules in one session, held twice so that each shift can come; the others have a
session for each module. At the first station a catch-up session is planned for whoever missed something, at the next
three it was held, at the others nobody has planned one yet. Some come late, a few too late.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from numpy.random import Generator

from protocol.queries import current_protocol
from simulation.copying import copy_rows, reserve_ids
from simulation.loading import Loading
from stations.models import Officer
from training.attendance import Entry
from training.models import Attendance, Session

_FIRST_SESSION_DAY, _LAST_SESSION_DAY = -45, -20
_SECOND_SESSION_AFTER, _CATCH_UP_DAY = 7, -6
_CATCH_UP_PLANNED_IN_DAYS = 9
_LAST_TURN_WITH_CATCH_UP = 3
_ATTENDED, _LATE = 0.85, 0.1
_LONGEST_DELAY_MINUTES = 45
_BEFORE, _GAIN, _SPREAD = 55.0, 18.0, 12.0
_MORNING, _AFTERNOON = time(9), time(14)
_PLACE, _TRAINERS = "Sala de capacitación", ["Equipo A", "Equipo B"]
_SESSION_COLUMNS = (
    "id", "station_id", "kind", "status", "modules", "held_on", "start_time", "place", "trainers", "deviation_reason",
    "withdrawal_reason", "revision",
)  # fmt: skip
_ATTENDANCE_COLUMNS = (
    "session_id", "officer_id", "module", "came", "minutes_late", "absence", "counts", "score_before", "score_after",
)  # fmt: skip


@dataclass(slots=True)
class _Held:
    """A session of the synthetic study, and what the roster says: (officer's id, module) → entry."""

    station: int
    kind: Session.Kind
    modules: list[int]
    held_on: date
    start_time: time
    status: Session.Status = Session.Status.HELD
    entries: dict[tuple[int, int], Entry] = field(default_factory=dict)


def load_training(rng: Generator, load: Loading, *, trained: list[bool]) -> None:
    """Write the sessions of each trained station, and which of its officers attended, with their tests (0–100)."""
    settings = current_protocol().training
    allowed, modules = settings.late_minutes_allowed, list(settings.numbers)
    officers = dict(Officer.objects.values_list("user_id", "pk"))
    held: list[_Held] = []
    rows = [row for row, is_trained in enumerate(trained) if is_trained]
    for turn, row in enumerate(rows):
        people = [officers[user] for user in (load.team.supervisors[row], *load.team.officers[row])]
        first_day = load.clock.date(int(rng.integers(_FIRST_SESSION_DAY, _LAST_SESSION_DAY)))
        held += _at_station(rng, load, row, people, allowed=allowed, modules=modules, first_day=first_day, turn=turn)
    _write(held, allowed=allowed)


def _at_station(
    rng: Generator,
    load: Loading,
    row: int,
    people: list[int],
    *,
    allowed: int,
    modules: list[int],
    first_day: date,
    turn: int,
) -> Iterator[_Held]:
    days = [first_day + n * timedelta(days=_SECOND_SESSION_AFTER) for n in range(2)]
    taught = [modules, modules] if turn % 2 else [modules[:1], modules[1:]]
    attended: set[tuple[int, int]] = set()
    for day, part in zip(days, filter(None, taught), strict=False):
        session = _Held(load.stations[row], Session.Kind.REGULAR, part, day, _MORNING)
        wanted = [(person, module) for person in people for module in part if (person, module) not in attended]
        # At the first station the last officer is on duty each time: the demonstration always has somebody missing.
        session.entries = _entries(rng, wanted, on_duty=people[-1] if turn == 0 else None)
        attended |= {key for key, entry in session.entries.items() if entry.counts(late_minutes_allowed=allowed)}
        if any(entry.came for entry in session.entries.values()):
            yield session
    missed = [(person, module) for person in people for module in modules if (person, module) not in attended]
    if not missed or turn > _LAST_TURN_WITH_CATCH_UP:
        return
    catch_up = _Held(
        load.stations[row], Session.Kind.CATCH_UP, sorted({module for _, module in missed}),
        load.clock.date(_CATCH_UP_DAY), _AFTERNOON,
    )  # fmt: skip
    if turn == 0:
        catch_up.status = Session.Status.PLANNED
        catch_up.held_on = timezone.localdate(load.now) + timedelta(days=_CATCH_UP_PLANNED_IN_DAYS)
    else:
        catch_up.entries = {key: _came(rng, minutes_late=0) for key in missed}
    yield catch_up


def _entries(rng: Generator, wanted: list[tuple[int, int]], *, on_duty: int | None) -> dict[tuple[int, int], Entry]:
    entries: dict[tuple[int, int], Entry] = {}
    delays: dict[int, int] = {}
    for person, module in wanted:
        if person not in delays:
            is_late = rng.random() < _LATE or (on_duty is not None and not delays)
            delays[person] = int(rng.integers(5, _LONGEST_DELAY_MINUTES)) if is_late else 0
        if person == on_duty or rng.random() > _ATTENDED:
            entries[person, module] = Entry(came=False, absence=Attendance.Absence.ON_DUTY.value)
        else:
            entries[person, module] = _came(rng, minutes_late=delays[person])
    return entries


def _came(rng: Generator, *, minutes_late: int) -> Entry:
    before = rng.normal(_BEFORE, _SPREAD)
    after = before + rng.normal(_GAIN, _SPREAD / 2)
    scores = [int(min(max(score, 0), 100)) for score in (before, after)]
    return Entry(came=True, minutes_late=minutes_late, score_before=scores[0], score_after=scores[1])


def _write(held: list[_Held], *, allowed: int) -> None:
    ids = reserve_ids(Session, len(held))
    copy_rows(Session, _SESSION_COLUMNS, (_session_row(pk, session) for pk, session in zip(ids, held, strict=True)))
    rows = (
        (
            pk, officer, module, entry.came, entry.minutes_late, entry.absence,
            entry.counts(late_minutes_allowed=allowed), entry.score_before, entry.score_after,
        )
        for pk, session in zip(ids, held, strict=True)
        for (officer, module), entry in session.entries.items()
    )  # fmt: skip
    copy_rows(Attendance, _ATTENDANCE_COLUMNS, rows)


def _session_row(pk: int, session: _Held) -> tuple[Any, ...]:
    return (
        pk, session.station, session.kind.value, session.status.value, session.modules, session.held_on,
        session.start_time, _PLACE, _TRAINERS, "", "", int(session.status == Session.Status.HELD),
    )  # fmt: skip
