"""The fate of each row of an import, before anything is written."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum

from documents.tables import Problem
from stations.frame_file import DistrictRow, FrameFiles, StationRow
from stations.models import District, Station


class Fate(StrEnum):
    """What an import does with a row, or with a stored one that no file names."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class FrameChange:
    """The fate of a district or station: `changed` maps a column to its value before and after."""

    kind: str
    code: str
    name: str
    fate: Fate
    changed: Mapping[str, tuple[object, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameImport:
    """What would be written, the fate of every row (districts before stations, absent ones last), and what is wrong."""

    stations: list[StationRow]
    districts: list[DistrictRow]
    changes: list[FrameChange]
    problems: list[Problem]

    @property
    def writes_nothing(self) -> bool:
        return all(change.fate in {Fate.UNCHANGED, Fate.ABSENT} for change in self.changes)

    @property
    def fingerprint(self) -> str:
        """Hash all that the dry run shows: the same only while files and stored frame stay as they were."""
        shown = [
            [asdict(row) for row in self.districts],
            [asdict(row) for row in self.stations],
            [asdict(change) for change in self.changes],
        ]
        return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()

    def counts(self) -> dict[Fate, int]:
        """Return how many rows have each fate."""
        fates = [change.fate for change in self.changes]
        return {fate: fates.count(fate) for fate in Fate}


def plan_import(files: FrameFiles) -> FrameImport:
    """Compare the rows that are right with what is stored, by code, in two queries.

    A number of reports that a row does not give stays as it is stored: leaving a column out never erases. Which stored
    ones are absent from the files is told only when every row could be read.
    """
    districts, stations = _stored_districts(), _stored_stations()
    names = {row.ubigeo: row.name for row in (*districts.values(), *files.districts)}
    completed = [_completed(row, stations.get(row.code), names) for row in files.stations]
    changes = [
        *_changes("district", "ubigeo", files.districts, districts),
        *_changes("station", "code", completed, stations),
    ]
    told = [change for change in changes if change.fate != Fate.ABSENT] if files.problems else changes
    return FrameImport(completed, files.districts, told, files.problems)


def _stored_districts() -> dict[str, DistrictRow]:
    rows = District.objects.order_by("ubigeo").values(*(column.name for column in fields(DistrictRow)))
    return {row["ubigeo"]: DistrictRow(**row) for row in rows}


def _stored_stations() -> dict[str, StationRow]:
    own = (column.name for column in fields(StationRow) if column.name not in {"ubigeo", "district"})
    rows = Station.objects.order_by("code").values("district_id", "district__name", *own)
    return {
        row["code"]: StationRow(ubigeo=row.pop("district_id"), district=row.pop("district__name"), **row)
        for row in rows
    }


def _completed(row: StationRow, stored: StationRow | None, district_names: Mapping[str, str]) -> StationRow:
    """Return a row as it will be stored: the name of its district is the district's own, whatever its file wrote."""
    reports = row.ipv_reports if stored is None or row.ipv_reports is not None else stored.ipv_reports
    return replace(row, ipv_reports=reports, district=district_names.get(row.ubigeo, row.district))


def _changes(
    kind: str, key: str, rows: Iterable[DistrictRow | StationRow], stored: Mapping[str, DistrictRow | StationRow]
) -> Iterator[FrameChange]:
    named = set()
    for row in rows:
        code = str(getattr(row, key))
        named.add(code)
        yield _change(kind, code, row, stored.get(code))
    yield from (FrameChange(kind, code, row.name, Fate.ABSENT) for code, row in stored.items() if code not in named)


def _change(
    kind: str, code: str, row: DistrictRow | StationRow, before: DistrictRow | StationRow | None
) -> FrameChange:
    if before is None:
        return FrameChange(kind, code, row.name, Fate.NEW)
    # A district that is renamed says so itself, not each of its stations.
    columns = [column.name for column in fields(row) if column.name != "district"]
    values = {column: (getattr(before, column), getattr(row, column)) for column in columns}
    changed = {column: pair for column, pair in values.items() if pair[0] != pair[1]}
    return FrameChange(kind, code, row.name, Fate.CHANGED if changed else Fate.UNCHANGED, changed)
