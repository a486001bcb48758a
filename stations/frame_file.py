"""The two files of the frame, districts and stations (CSV or XLSX): what each column holds, and the frame's hash."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.tables import Columns, NotExpected, Problem, TableFileError, count, number, read_table, repeated, text

UBIGEO_DIGITS = 6
WORDS: dict[str, str | Promise] = {
    "ubigeo": _("expected an INEI code of six digits, found %(found)s"),
    "district": _("expected a district of the districts file, found %(found)s"),
    "within": _("expected at most %(whole)s (%(most)s), found %(found)s"),
}


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district as the file gives it: km², persons, percentages, an index from 0 to 1, degrees."""

    ubigeo: str
    name: str
    area_km2: Decimal
    population_2020: int
    poverty_pct_2018: Decimal
    extreme_poverty_pct_2018: Decimal
    hdi_2019: Decimal
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station as the file gives it: heads of staff."""

    code: str
    ubigeo: str
    district: str
    name: str
    officers: int
    officers_women: int
    family_violence_officers: int
    family_violence_officers_women: int


def _ubigeo(value: str) -> str:
    if len(value) != UBIGEO_DIGITS or not value.isascii() or not value.isdigit():
        raise NotExpected("ubigeo", words=WORDS, found=repr(value))
    return value


DISTRICT_COLUMNS: Columns = {
    "ubigeo": _ubigeo,
    "name": text(80),
    "area_km2": number(0, 1_000_000, places=2),
    "population_2020": count,
    "poverty_pct_2018": number(0, 100, places=2),
    "extreme_poverty_pct_2018": number(0, 100, places=2),
    "hdi_2019": number(0, 1, places=4),
    "latitude": number(-90, 90, places=5),
    "longitude": number(-180, 180, places=5),
}
STATION_COLUMNS: Columns = {
    "code": text(8),
    "ubigeo": _ubigeo,
    "district": text(80),
    "name": text(120),
    "officers": count,
    "officers_women": count,
    "family_violence_officers": count,
    "family_violence_officers_women": count,
}
# part, whole
WITHIN = (
    ("officers_women", "officers"),
    ("family_violence_officers", "officers"),
    ("family_violence_officers_women", "family_violence_officers"),
)


def read_frame(
    *, stations: bytes, districts: bytes, stations_name: str, districts_name: str
) -> tuple[list[StationRow], list[DistrictRow]]:
    """Read both files of the frame (CSV in UTF-8, or XLSX). Raises TableFileError with all that is wrong in either."""
    district_rows, problems = read_districts(districts, name=districts_name)
    known = {row.ubigeo for row in district_rows} if not problems else None
    station_rows, station_problems = read_stations(stations, name=stations_name, known_ubigeos=known)
    if problems or station_problems:
        raise TableFileError([*problems, *station_problems])
    return station_rows, district_rows


def read_districts(content: bytes, *, name: str) -> tuple[list[DistrictRow], list[Problem]]:
    """Read the districts; what is wrong comes back as problems, and the rows are those that are right."""
    records, problems = read_table(content, DISTRICT_COLUMNS, name=name)
    problems += repeated(records, "ubigeo", name=name)
    return [DistrictRow(**values) for _row, values in records], problems


def read_stations(
    content: bytes, *, name: str, known_ubigeos: Collection[str] | None
) -> tuple[list[StationRow], list[Problem]]:
    """Read the stations; `known_ubigeos` None leaves the districts unchecked (their own file has problems)."""
    records, problems = read_table(content, STATION_COLUMNS, name=name)
    problems += repeated(records, "code", name=name)
    for row, values in records:
        if known_ubigeos is not None and values["ubigeo"] not in known_ubigeos:
            problems.append(Problem(name, row, "ubigeo", "district", {"found": repr(values["ubigeo"])}, WORDS))
        for part, whole in WITHIN:
            if values[part] > values[whole]:
                found = {"whole": whole, "most": values[whole], "found": values[part]}
                problems.append(Problem(name, row, part, "within", found, WORDS))
    return [StationRow(**values) for _row, values in records], sorted(problems, key=lambda problem: problem.row)


def frame_sha256(stations: Iterable[StationRow], districts: Iterable[DistrictRow]) -> str:
    """Hash a frame's content, whatever the order of its rows and the spelling of its numbers."""
    return hashlib.sha256(canonical_json(frame_content(stations, districts)).encode()).hexdigest()


def frame_content(stations: Iterable[StationRow], districts: Iterable[DistrictRow]) -> dict[str, list[dict[str, Any]]]:
    """Write a frame as plain data, sorted by code: decimals as shortest text."""
    return {
        "districts": [_plain(row) for row in sorted(districts, key=lambda row: row.ubigeo)],
        "stations": [_plain(row) for row in sorted(stations, key=lambda row: row.code)],
    }


def canonical_json(content: object) -> str:
    """Write JSON in the one form that is hashed: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(row: StationRow | DistrictRow) -> dict[str, object]:
    return {
        key: format(value.normalize(), "f") if isinstance(value, Decimal) else value
        for key, value in asdict(row).items()
    }
