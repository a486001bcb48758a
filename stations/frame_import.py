"""The fate of each row of an import, before anything is written."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from stations.frame_file import DistrictRow, StationRow
from stations.models import District, Station


@dataclass(frozen=True, slots=True)
class FrameChange:
    """What an import does with one row: `changed` maps a column to its value before and after."""

    kind: str
    code: str
    name: str
    is_new: bool
    changed: Mapping[str, tuple[object, object]]

    @property
    def is_unchanged(self) -> bool:
        return not self.is_new and not self.changed


def frame_changes(stations: list[StationRow], districts: list[DistrictRow]) -> list[FrameChange]:
    """Compare the files with what is stored, in two queries: districts first, each in the order of its file."""
    district_columns = tuple(DistrictRow.__dataclass_fields__)
    station_columns = tuple(name for name in StationRow.__dataclass_fields__ if name != "district")
    stored_districts = {row["ubigeo"]: row for row in District.objects.values(*district_columns)}
    stored_stations = {
        row["code"]: {"ubigeo": row["district_id"], **row}
        for row in Station.objects.values("district_id", *(name for name in station_columns if name != "ubigeo"))
    }
    return [
        *(_change("district", asdict(row), "ubigeo", district_columns, stored_districts) for row in districts),
        *(_change("station", asdict(row), "code", station_columns, stored_stations) for row in stations),
    ]


def _change(
    kind: str,
    row: Mapping[str, object],
    key: str,
    columns: tuple[str, ...],
    stored: Mapping[str, Mapping[str, object]],
) -> FrameChange:
    code = str(row[key])
    before = stored.get(code)
    changed = {} if before is None else {c: (before[c], row[c]) for c in columns if before[c] != row[c]}
    return FrameChange(kind, code, str(row["name"]), before is None, changed)
