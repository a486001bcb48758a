"""The two files of the frame, districts and stations (CSV or XLSX): what each column holds, and the frame's hash."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.tables import (
    Columns,
    NotExpected,
    Problem,
    Records,
    TableFileError,
    count,
    number,
    read_table,
    repeated,
    text,
)

UBIGEO_DIGITS = 6
CODE_DIGITS = 4
WORDS: dict[str, str | Promise] = {
    "ubigeo": _("expected an INEI code of six digits, found %(found)s"),
    "code": _("expected a code of four digits, zeros before it included, found %(found)s"),
    "district": _("expected a district of the districts file, found %(found)s"),
    "other_district": _("expected %(expected)s, the district %(ubigeo)s of the districts file, found %(found)s"),
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
    """A station as the file gives it: heads of staff, and reports of partner violence in 2017 (None: not known)."""

    code: str
    ubigeo: str
    district: str
    name: str
    officers: int
    officers_women: int
    family_violence_officers: int
    family_violence_officers_women: int
    ipv_reports: int | None = None


@dataclass(frozen=True, slots=True)
class FrameFiles:
    """Both files as read: the rows that are right, and everything that is wrong with the others."""

    stations: list[StationRow]
    districts: list[DistrictRow]
    problems: list[Problem]


def _ubigeo(value: str) -> str:
    if len(value) != UBIGEO_DIGITS or not value.isascii() or not value.isdigit():
        raise NotExpected("ubigeo", words=WORDS, found=repr(value))
    return value


def _code(value: str) -> str:
    # A spreadsheet makes 405 of 0405, and that would be a station nobody knows.
    if value.isdigit() and len(value) != CODE_DIGITS:
        raise NotExpected("code", words=WORDS, found=repr(str(value)))
    return text(8)(str(value))


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
    "code": _code,
    "ubigeo": _ubigeo,
    "district": text(80),
    "name": text(120),
    "officers": count,
    "officers_women": count,
    "family_violence_officers": count,
    "family_violence_officers_women": count,
}
OPTIONAL_STATION_COLUMNS: Columns = {"ipv_reports": count}
# part, whole
WITHIN = (
    ("officers_women", "officers"),
    ("family_violence_officers", "officers"),
    ("family_violence_officers_women", "family_violence_officers"),
)


def read_frame(
    *, stations: bytes, districts: bytes, stations_name: str, districts_name: str
) -> tuple[list[StationRow], list[DistrictRow]]:
    """Read both files of the frame, which must be right. Raises TableFileError with all that is wrong in either."""
    files = read_files(
        stations=stations, districts=districts, stations_name=stations_name, districts_name=districts_name
    )
    if files.problems:
        raise TableFileError(files.problems)
    return files.stations, files.districts


def read_files(*, stations: bytes, districts: bytes, stations_name: str, districts_name: str) -> FrameFiles:
    """Read both files of the frame (CSV in UTF-8, or XLSX) as far as they are right; problems by file and row."""
    district_rows, problems = read_districts(districts, name=districts_name)
    known = None if problems else {row.ubigeo: row.name for row in district_rows}
    station_rows, station_problems = read_stations(stations, name=stations_name, districts=known)
    return FrameFiles(station_rows, district_rows, [*problems, *station_problems])


def read_districts(content: bytes, *, name: str) -> tuple[list[DistrictRow], list[Problem]]:
    """Read the districts: the rows that are right, and what is wrong with the others."""
    records, problems = read_table(content, DISTRICT_COLUMNS, name=name)
    problems += repeated(records, "ubigeo", name=name)
    return [DistrictRow(**values) for values in _right(records, problems)], problems


def read_stations(
    content: bytes, *, name: str, districts: Mapping[str, str] | None
) -> tuple[list[StationRow], list[Problem]]:
    """Read the stations: the rows that are right, and what is wrong with the others.

    `districts` gives each ubigeo its name; None leaves them unchecked, as their own file has problems.
    """
    records, problems = read_table(content, STATION_COLUMNS, name=name, optional=OPTIONAL_STATION_COLUMNS)
    problems += repeated(records, "code", name=name)
    for row, values in records:
        if districts is not None:
            problems += _district_problems(values, districts, name=name, row=row)
        for part, whole in WITHIN:
            if values[part] > values[whole]:
                found = {"whole": whole, "most": values[whole], "found": values[part]}
                problems.append(Problem(name, row, part, "within", found, WORDS))
    problems.sort(key=lambda problem: problem.row)
    return [StationRow(**values) for values in _right(records, problems)], problems


def _right(records: Records, problems: Iterable[Problem]) -> Iterator[dict[str, Any]]:
    wrong = {problem.row for problem in problems}
    return (values for row, values in records if row not in wrong)


def _district_problems(
    values: Mapping[str, str], districts: Mapping[str, str], *, name: str, row: int
) -> Iterator[Problem]:
    ubigeo, found = values["ubigeo"], values["district"]
    if ubigeo not in districts:
        yield Problem(name, row, "ubigeo", "district", {"found": repr(ubigeo)}, WORDS)
    # RENIEC numbers the districts otherwise than INEI, so that a number may be another district's. An old name of the
    # same district (Magdalena Vieja is Pueblo Libre) is no mistake.
    elif _letters(found) != _letters(districts[ubigeo]) and _letters(found) in map(_letters, districts.values()):
        words = {"expected": districts[ubigeo], "ubigeo": ubigeo, "found": repr(found)}
        yield Problem(name, row, "district", "other_district", words, WORDS)


def _letters(name: str) -> str:
    """Return a name without case and accents, which two sources rarely write alike."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(part for part in parts if part.isalnum())


def frame_sha256(stations: Iterable[StationRow], districts: Iterable[DistrictRow]) -> str:
    """Hash a frame's content, whatever the order of its rows and the spelling of its numbers.

    Every station has its `ipv_reports`, null where the source gives none: one form, whatever columns a file had.
    """
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
