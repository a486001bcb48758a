"""The synthetic reports into the tables of `participants`: boxes, screenings, further reports and re-reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from numpy.random import Generator

from accounts.roles import Role
from participants import sealing
from participants.models import IncidentReport, PoliceReport, ReportBox, Screening
from participants.report_entry import ReportEntry
from participants.report_lookups import report_digests
from participants.report_sealing import DIGEST_FIELDS, seal_report
from simulation.copying import copy_rows, reserve_ids
from simulation.intake_draws import Candidate, draw_enrolled, draw_others
from simulation.loading import Loading

_DESK = 9 * 60
_BY_HAND = 7
_REPORT = (
    "id", "code", "station_id", "reported_on", "received_at", "received_by_id", "source", "first_report_id",
    "participant_id",
)  # fmt: skip
_BOX = ("report_id", "master_key_id", "wrapped", "ciphertext", *DIGEST_FIELDS.values())
_SCREENING = (
    "report_id", "attempt", "outcome", "reasons", "refusal", "age", "household_seen", "protocol_version", "screened_at",
    "screened_by_id", "screener_role", "knows_arm", "station_allocated", "superseded_at", "participant_id",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """A report to be written: whose, when, and the row of her first one."""

    candidate: Candidate
    day: int
    first: "Row | None" = None
    is_re_report: bool = False
    id: int = 0

    @property
    def code(self) -> str:
        return f"R{self.id:06d}"


def load_reports(rng: Generator, load: Loading, *, protocol_version: str) -> int:
    """Write the reports of all who were screened, what was found, and what enrolled women reported later.

    Return how many reports there are.
    """
    candidates = _draw(rng, load)
    rows = _rows(load, candidates)
    for row, pk in zip(rows, reserve_ids(IncidentReport, len(rows)), strict=True):
        row.id = pk
    copy_rows(IncidentReport, _REPORT, (_report(load, row) for row in rows))
    copy_rows(ReportBox, _BOX, _boxes(load, rows))
    firsts = [row for row in rows if row.first is None]
    copy_rows(Screening, _SCREENING, (values for row in firsts for values in _screenings(load, row, protocol_version)))
    copy_rows(
        PoliceReport,
        ("participant_id", "reported_on", "report_id"),
        ((_woman(load, row), load.clock.date(row.day), row.id) for row in rows if row.is_re_report),
    )
    return len(rows)


def _draw(rng: Generator, load: Loading) -> list[Candidate]:
    women, enrolled = load.world.women, load.world.calendar.enrolled
    mine = draw_enrolled(rng, station=women.station, enrolled=enrolled, age=women.age, identities=women.identities)
    return [*mine, *draw_others(rng, station=women.station, enrolled=enrolled, today=load.world.settings.today)]


def _rows(load: Loading, candidates: Sequence[Candidate]) -> list[Row]:
    """Return a row for each report, by day; the first ones of the women come in their own order."""
    firsts = [Row(candidate, candidate.reported_on) for candidate in candidates]
    further = [
        Row(row.candidate, row.candidate.reported_again_on, first=row)
        for row in firsts
        if row.candidate.reported_again_on is not None
    ]
    of_woman = {row.candidate.woman: row for row in firsts if row.candidate.woman is not None}
    woman, day = load.world.rereports
    later = [
        Row(of_woman[who].candidate, on, first=of_woman[who], is_re_report=True)
        for who, on in zip(woman.tolist(), day.tolist(), strict=True)
    ]
    return sorted([*firsts, *further, *later], key=lambda row: row.day)


def _report(load: Loading, row: Row) -> tuple[Any, ...]:
    source = IncidentReport.Source.FILE if row.id % _BY_HAND else IncidentReport.Source.TYPED
    station = row.candidate.station
    return (
        row.id, row.code, load.stations[station], load.clock.date(row.day), load.clock.at(row.day, _DESK),
        load.team.supervisors[station], str(source), row.first.id if row.first else None, _woman(load, row),
    )  # fmt: skip


def _boxes(load: Loading, rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
    key_id = sealing.configured_keyring().current.id
    for row in rows:
        entry = ReportEntry(f"SIM-{row.id:06d}", load.clock.date(row.day), row.candidate.identity)
        digests = report_digests(entry, station_id=load.stations[row.candidate.station])
        sealed = seal_report(entry, digests, code=row.code)
        yield (row.id, key_id, sealed.key.data, sealed.ciphertext, *sealed.digests.values())


def _screenings(load: Loading, row: Row, protocol_version: str) -> Iterator[tuple[Any, ...]]:
    candidate = row.candidate
    if candidate.screened_on is None:
        return
    moments = [_moment(load, row, day) for day in (*candidate.tries, candidate.screened_on)]
    supervisor = load.team.supervisors[candidate.station]
    for attempt, (at, following) in enumerate(zip(moments, [*moments[1:], None], strict=True), start=1):
        last = following is None
        yield (
            row.id, attempt, str(candidate.outcome if last else Screening.Outcome.UNREACHABLE),
            list(candidate.reasons) if last else [], candidate.refusal if last else "",
            candidate.age if last else None, False, protocol_version, at, supervisor, str(Role.SUPERVISOR),
            candidate.knows_arm, True, following, _woman(load, row) if last else None,
        )  # fmt: skip


def _moment(load: Loading, row: Row, day: int) -> datetime:
    return load.clock.at(day, _DESK + 60 + row.id % 300)


def _woman(load: Loading, row: Row) -> int | None:
    return None if row.candidate.woman is None else load.women[row.candidate.woman]
