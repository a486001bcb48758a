"""The fate of each row of a list of attendance, before anything is written."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum

from documents.tables import Problem
from protocol.queries import current_protocol
from stations.models import AllocatedStation, Officer, Posting
from stations.queries import study_stations, trained_station_ids
from training.attendance import Entry, takes_back
from training.attendance_file import WORDS, AttendanceRow
from training.models import Attendance, Session
from training.queries.sessions import as_entry, starts_at

Place = tuple[int, date]
"""Station's id and day."""


class Fate(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RowFate:
    """A row that can be written: to which session (None: one that the import makes), and what would change."""

    row: AttendanceRow
    officer_id: int
    place: Place
    station_code: str
    session_id: int | None
    attendance_id: int | None
    entry: Entry
    fate: Fate
    changed: Mapping[str, tuple[object, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttendanceImport:
    """The fate of every row, the sessions that would be made (place → modules), and what is wrong."""

    rows: list[RowFate]
    new_sessions: dict[Place, list[int]]
    problems: list[Problem]

    @property
    def writes_nothing(self) -> bool:
        return all(row.fate == Fate.UNCHANGED for row in self.rows)

    @property
    def needs_reason(self) -> bool:
        """Say whether something that is already written down would be said otherwise."""
        return any(takes_back(dict(row.changed)) for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """Hash all that the dry run shows: the same only while the list and what is stored stay as they were."""
        shown = [asdict(row) for row in self.rows]
        return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()

    def counts(self) -> dict[Fate, int]:
        """Return how many rows have each fate."""
        fates = [row.fate for row in self.rows]
        return {fate: fates.count(fate) for fate in Fate}


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of all that a list names, read at once."""

    officers: Mapping[str, Officer]
    stations: Mapping[str, AllocatedStation]
    trained: set[int]
    postings: Mapping[int, list[Posting]]
    sessions: Mapping[Place, list[Session]]
    regular: Counter[int]
    attendances: Mapping[tuple[int, int, int], Attendance]
    now: datetime


class _Refused(ValueError):
    """A row cannot be written: the column that stands against it, and which of WORDS says why."""

    def __init__(self, column: str, kind: str, **found: object) -> None:
        super().__init__(kind)
        self.column, self.kind, self.found = column, kind, found


def plan_import(
    rows: Sequence[AttendanceRow], problems: Sequence[Problem], *, name: str, now: datetime
) -> AttendanceImport:
    """Compare the rows that are right with rosters and sessions, in a few queries however long the list is.

    A row belongs to the session of its station and day. Where there is none, the import makes one for everybody, as far
    as the protocol allows; catch-up sessions and deviations are planned on their page first. `problems` are those of
    the file; what is found here is told with them.
    """
    stored = _read(rows, now)
    right: dict[object, RowFate] = {}
    told = list(problems)
    for row in rows:
        try:
            fate = _fate_of(row, stored)
        except _Refused as refused:
            told.append(Problem(name, row.row, refused.column, refused.kind, refused.found, WORDS))
            continue
        first = right.setdefault((fate.officer_id, fate.place, row.module), fate)
        if first is not fate:
            told.append(Problem(name, row.row, "officer", "twice", {"first": first.row.row}, WORDS))
    new, too_many = _new_sessions(right.values(), stored)
    told += [Problem(name, row, "held_on", "used_up", {}, WORDS) for row in sorted(too_many)]
    kept = [fate for fate in right.values() if fate.row.row not in too_many]
    return AttendanceImport(kept, new, sorted(told, key=lambda problem: problem.row))


def _read(rows: Sequence[AttendanceRow], now: datetime) -> _Stored:
    officers = {one.code: one for one in Officer.objects.filter(code__in={row.officer for row in rows})}
    drawn = list(study_stations())
    ids = {one.station_id for one in drawn}
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.standing().filter(officer__in=officers.values(), station__in=ids):
        postings.setdefault(posting.officer_id, []).append(posting)
    standing = list(Session.objects.standing().filter(station__in=ids).order_by("pk"))
    on_days = [session for session in standing if session.held_on in {row.held_on for row in rows}]
    sessions: dict[Place, list[Session]] = {}
    for session in on_days:
        sessions.setdefault((session.station_id, session.held_on), []).append(session)
    attendances = Attendance.objects.filter(session__in=on_days, officer__in=officers.values())
    return _Stored(
        officers=officers,
        stations={code: one for one in drawn for code in (one.study_code.lower(), one.station.code.lower())},
        trained=trained_station_ids() if drawn else set(),
        postings=postings,
        sessions=sessions,
        regular=Counter(one.station_id for one in standing if one.kind == Session.Kind.REGULAR),
        attendances={(one.session_id, one.officer_id, one.module): one for one in attendances},
        now=now,
    )


def _fate_of(row: AttendanceRow, stored: _Stored) -> RowFate:
    officer, drawn = _officer_at_station(row, stored)
    session = _session_of(row, stored.sessions.get((drawn.station_id, row.held_on), []))
    if starts_at(session or Session(held_on=row.held_on)) > stored.now:
        raise _Refused("held_on", "future")
    if session is None and drawn.station_id not in stored.trained:
        raise _Refused("station", "deviation")
    before = stored.attendances.get((session.pk, officer.pk, row.module)) if session else None
    return _compared(row, officer, drawn, session, before)


def _officer_at_station(row: AttendanceRow, stored: _Stored) -> tuple[Officer, AllocatedStation]:
    officer, drawn = stored.officers.get(row.officer), stored.stations.get(row.station.lower())
    if officer is None:
        raise _Refused("officer", "officer", found=repr(row.officer))
    if drawn is None:
        raise _Refused("station", "station", found=repr(row.station))
    if not _served(stored.postings.get(officer.pk, []), drawn.station_id, row.held_on):
        raise _Refused("officer", "posting", officer=row.officer)
    return officer, drawn


def _served(postings: Iterable[Posting], station_id: int, on: date) -> bool:
    return any(
        posting.station_id == station_id
        and posting.starts_on <= on
        and (posting.ends_on is None or posting.ends_on >= on)
        for posting in postings
    )


def _session_of(row: AttendanceRow, sessions: list[Session]) -> Session | None:
    fitting = [session for session in sessions if row.module in session.modules]
    if len(fitting) > 1:
        raise _Refused("held_on", "several")
    if sessions and not fitting:
        modules = sorted({module for session in sessions for module in session.modules})
        raise _Refused("module", "modules", found=", ".join(map(str, modules)))
    return fitting[0] if fitting else None


def _compared(
    row: AttendanceRow, officer: Officer, drawn: AllocatedStation, session: Session | None, before: Attendance | None
) -> RowFate:
    old = as_entry(before) if before else None
    entry = Entry(
        came=True,
        minutes_late=row.minutes_late if row.minutes_late is not None else old.minutes_late if old else 0,
        score_before=row.score_before if row.score_before is not None else old.score_before if old else None,
        score_after=row.score_after if row.score_after is not None else old.score_after if old else None,
    )
    changed = entry.changes_from(old) if old else {}
    fate = Fate.NEW if old is None else Fate.CHANGED if changed else Fate.UNCHANGED
    return RowFate(
        row=row,
        officer_id=officer.pk,
        place=(drawn.station_id, row.held_on),
        station_code=drawn.study_code,
        session_id=session.pk if session else None,
        attendance_id=before.pk if before else None,
        entry=entry,
        fate=fate,
        changed=changed,
    )


def _new_sessions(fates: Iterable[RowFate], stored: _Stored) -> tuple[dict[Place, list[int]], set[int]]:
    """Return the sessions to make (place → modules), the earliest days of each station first, and the rows too many.

    These, by their number, are those of sessions that the protocol no longer allows.
    """
    most = current_protocol().training.max_sessions
    sessionless: dict[Place, list[RowFate]] = {}
    for fate in fates:
        if fate.session_id is None:
            sessionless.setdefault(fate.place, []).append(fate)
    count = Counter(stored.regular)
    new: dict[Place, list[int]] = {}
    too_many: set[int] = set()
    for place, rows in sorted(sessionless.items(), key=lambda pair: pair[0]):
        count[place[0]] += 1
        if count[place[0]] <= most:
            new[place] = sorted({fate.row.module for fate in rows})
        else:
            too_many |= {fate.row.row for fate in rows}
    return new, too_many
