"""Reading the frame from CSV: all problems at once, each with its file, row, column and what was expected."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError

MOST_PROBLEMS_TOLD = 50
UBIGEO_DIGITS = 6
LARGEST_COUNT = 2_147_483_647


EXPECTED: dict[str, str | Promise] = {
    "value": _("expected a value, found none"),
    "ubigeo": _("expected an INEI code of six digits, found %(found)s"),
    "count": _("expected a whole number from 0, found %(found)s"),
    "number": _("expected a number from %(low)s to %(high)s, found %(found)s"),
    "decimals": _("expected at most %(places)s decimals, found %(found)s"),
    "length": _("expected at most %(longest)s characters, found %(found)s"),
    "column": _("missing column; the header must name it"),
    "once": _("%(found)s stands in row %(first)s already"),
    "district": _("expected a district of the districts file, found %(found)s"),
    "within": _("expected at most %(whole)s (%(most)s), found %(found)s"),
    "utf8": _("expected text in UTF-8; save the file as CSV UTF-8"),
    "width": _("expected %(width)s values, found more"),
    "csv": _("expected comma-separated values (%(problem)s)"),
    "rows": _("expected at least one row below the header, found none"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file. Rows count as a spreadsheet does: the header is row 1."""

    file: str
    row: int
    column: str
    kind: str
    found: Mapping[str, object]

    def __str__(self) -> str:
        expected = str(EXPECTED[self.kind]) % self.found
        words = {"file": self.file, "row": self.row, "column": self.column, "expected": expected}
        in_column = _("%(file)s, row %(row)s, column %(column)s: %(expected)s")
        return str(in_column if self.column else _("%(file)s, row %(row)s: %(expected)s")) % words


class NotExpected(ValueError):
    """A value is not what its column holds."""

    def __init__(self, kind: str, **found: object) -> None:
        super().__init__(kind)
        self.kind, self.found = kind, found


class FrameFileError(StudyError):
    """The files cannot become a frame; `problems` names each reason, the message has one line for each."""

    code = "frame_file"
    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:MOST_PROBLEMS_TOLD]]
        if len(self.problems) > MOST_PROBLEMS_TOLD:
            lines.append(str(_("… and %(count)s more")) % {"count": len(self.problems) - MOST_PROBLEMS_TOLD})
        super().__init__("\n".join(lines))


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


def _text(longest: int) -> Callable[[str], str]:
    def convert(value: str) -> str:
        if not value:
            raise NotExpected("value")
        if len(value) > longest:
            raise NotExpected("length", longest=longest, found=len(value))
        return value

    return convert


def _ubigeo(value: str) -> str:
    if len(value) != UBIGEO_DIGITS or not value.isascii() or not value.isdigit():
        raise NotExpected("ubigeo", found=repr(value))
    return value


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise NotExpected("count", found=repr(value))
    if len(value.lstrip("0")) > len(str(LARGEST_COUNT)) or int(value) > LARGEST_COUNT:
        raise NotExpected("number", low=0, high=LARGEST_COUNT, found=repr(value))
    return int(value)


def _number(low: int, high: int, *, places: int) -> Callable[[str], Decimal]:
    def convert(value: str) -> Decimal:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not low <= number <= high:
            raise NotExpected("number", low=low, high=high, found=repr(value))
        if number != round(number, places):
            raise NotExpected("decimals", places=places, found=repr(value))
        return number

    return convert


DISTRICT_COLUMNS: Mapping[str, Callable[[str], object]] = {
    "ubigeo": _ubigeo,
    "name": _text(80),
    "area_km2": _number(0, 1_000_000, places=2),
    "population_2020": _count,
    "poverty_pct_2018": _number(0, 100, places=2),
    "extreme_poverty_pct_2018": _number(0, 100, places=2),
    "hdi_2019": _number(0, 1, places=4),
    "latitude": _number(-90, 90, places=5),
    "longitude": _number(-180, 180, places=5),
}
STATION_COLUMNS: Mapping[str, Callable[[str], object]] = {
    "code": _text(8),
    "ubigeo": _ubigeo,
    "district": _text(80),
    "name": _text(120),
    "officers": _count,
    "officers_women": _count,
    "family_violence_officers": _count,
    "family_violence_officers_women": _count,
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
    """Read both files of the frame (CSV, UTF-8). Raises FrameFileError with all that is wrong in either."""
    district_rows, problems = read_districts(districts, name=districts_name)
    known = {row.ubigeo for row in district_rows} if not problems else None
    station_rows, station_problems = read_stations(stations, name=stations_name, known_ubigeos=known)
    if problems or station_problems:
        raise FrameFileError([*problems, *station_problems])
    return station_rows, district_rows


def read_districts(content: bytes, *, name: str) -> tuple[list[DistrictRow], list[Problem]]:
    """Read the districts; what is wrong comes back as problems, and the rows are those that are right."""
    records, problems = _records(content, DISTRICT_COLUMNS, name=name)
    problems += _repeated(records, "ubigeo", name=name)
    return [DistrictRow(**values) for _row, values in records], problems


def read_stations(
    content: bytes, *, name: str, known_ubigeos: Collection[str] | None
) -> tuple[list[StationRow], list[Problem]]:
    """Read the stations; `known_ubigeos` None leaves the districts unchecked (their own file has problems)."""
    records, problems = _records(content, STATION_COLUMNS, name=name)
    problems += _repeated(records, "code", name=name)
    for row, values in records:
        if known_ubigeos is not None and values["ubigeo"] not in known_ubigeos:
            problems.append(Problem(name, row, "ubigeo", "district", {"found": repr(values["ubigeo"])}))
        for part, whole in WITHIN:
            if values[part] > values[whole]:
                found = {"whole": whole, "most": values[whole], "found": values[part]}
                problems.append(Problem(name, row, part, "within", found))
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


def _records(
    content: bytes, columns: Mapping[str, Callable[[str], object]], *, name: str
) -> tuple[list[tuple[int, dict[str, Any]]], list[Problem]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        return [], [Problem(name, row, "", "utf8", {})]
    if "\0" in text:
        return [], [Problem(name, text[: text.index("\0")].count("\n") + 1, "", "utf8", {})]
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            return [], [Problem(name, 1, column, "column", {}) for column in missing]
        return _converted(reader, columns, name=name)
    except csv.Error as error:
        return [], [Problem(name, reader.line_num, "", "csv", {"problem": error})]


def _converted(
    reader: "csv.DictReader[str]", columns: Mapping[str, Callable[[str], object]], *, name: str
) -> tuple[list[tuple[int, dict[str, Any]]], list[Problem]]:
    records: list[tuple[int, dict[str, Any]]] = []
    problems: list[Problem] = []
    for raw in reader:
        row, values, found = reader.line_num, {}, len(problems)
        if "" in raw:
            problems.append(Problem(name, row, "", "width", {"width": len(reader.fieldnames or [])}))
        for column, convert in columns.items():
            try:
                values[column] = convert((raw[column] or "").strip())
            except NotExpected as error:
                problems.append(Problem(name, row, column, error.kind, error.found))
        if len(problems) == found:
            records.append((row, values))
    if not records and not problems:
        problems.append(Problem(name, 2, "", "rows", {}))
    return records, problems


def _repeated(records: list[tuple[int, dict[str, Any]]], column: str, *, name: str) -> list[Problem]:
    first: dict[object, int] = {}
    problems = []
    for row, values in records:
        seen = first.setdefault(values[column], row)
        if seen != row:
            problems.append(Problem(name, row, column, "once", {"found": repr(values[column]), "first": seen}))
    return problems
