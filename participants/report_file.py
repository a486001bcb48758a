"""A file of reports (CSV or XLSX): what each column holds, in either language, and every row that is not so."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.spreadsheet import NumberText
from documents.tables import NotExpected, Problem, day, read_table, text
from participants.identity import Identity
from participants.report_entry import ReportEntry

# Column → what a Spanish header calls it. The first three must be there.
SPANISH = {
    "number": "numero",
    "reported_on": "fecha",
    "name": "nombre",
    "document": "documento",
    "telephone": "telefono",
    "address": "direccion",
    "aggressor_name": "nombre_denunciado",
    "aggressor_document": "documento_denunciado",
    "station": "estacion",
}
REQUIRED = ("number", "reported_on", "name")
ACCENTED = {"número": "number", "teléfono": "telephone", "dirección": "address", "estación": "station"}
ALSO = {**{name: name for name in SPANISH}, **{spanish: name for name, spanish in SPANISH.items()}, **ACCENTED}

LONGEST = {"number": 40, "name": 160, "document": 20, "telephone": 30, "address": 200}
EARLIEST = date(2000, 1, 1)
# A document kept as a number has lost its zeros if it is shorter than a DNI.
DNI_DIGITS = 8
_TELEPHONE = re.compile(r"\+?[\d\s().-]{6,30}")
_DAY_FIRST = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")

WORDS: dict[str, str | Promise] = {
    "between": _("expected a day from 2000-01-01 to today, found %(found)s"),
    "telephone": _("expected a telephone number, found %(found)s"),
    "alphanumeric": _("expected letters or digits, found %(found)s"),
    "own_station": _("expected your own station or nothing, found %(found)s"),
    "study_station": _("expected a station of the study, as Estación 07 or by its code, found %(found)s"),
    "station": _("expected the station, found none"),
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """A row that is right: its place in the file, the station, and the report."""

    row: int
    station_id: int
    entry: ReportEntry


@dataclass(frozen=True, slots=True)
class StationNames:
    """How a file may name stations (small letters → id); `own` is taken where a row names none."""

    known: Mapping[str, int]
    own: int | None = None


def read_reports(
    content: bytes, *, name: str, stations: StationNames, today: date
) -> tuple[list[FileReport], list[Problem]]:
    """Read a file of reports: the rows that are right, and everything that is wrong with the others."""
    short = {column: text(longest) for column, longest in LONGEST.items()}
    required: dict[str, Callable[[str], object]] = {
        "number": lambda value: _alphanumeric(short["number"], str(value)),
        "reported_on": partial(_day, today),
        "name": partial(_alphanumeric, short["name"]),
    }
    optional: dict[str, Callable[[str], object]] = {
        "document": partial(_document, short["document"]),
        "telephone": _telephone,
        "address": short["address"],
        "aggressor_name": short["name"],
        "aggressor_document": partial(_document, short["document"]),
    }
    station = partial(_station, stations)
    if stations.own is None:
        required["station"] = station
    else:
        optional["station"] = station
    records, problems = read_table(content, required, name=name, optional=optional, also=ALSO)
    return [_report(row, values, stations) for row, values in records], [_in_both_languages(p) for p in problems]


def problem_words(kind: str) -> Mapping[str, str | Promise] | None:
    """Return the words of this file's own kinds of problem; None for those of every table."""
    return WORDS if kind in WORDS else None


def _report(row: int, values: Mapping[str, object], stations: StationNames) -> FileReport:
    held = {column: str(value) if value is not None else "" for column, value in values.items()}
    woman = Identity(
        full_name=held["name"],
        **{column: held[column] for column in SPANISH if column in Identity.__dataclass_fields__},
    )
    station, reported_on = values["station"] or stations.own, values["reported_on"]
    if not isinstance(station, int) or not isinstance(reported_on, date):
        raise TypeError(row)
    return FileReport(row, station, ReportEntry(held["number"], reported_on, woman))


def _in_both_languages(problem: Problem) -> Problem:
    """Name a column that is not there as either header would."""
    if problem.kind != "column":
        return problem
    return replace(problem, column=f"{SPANISH[problem.column]} / {problem.column}")


def _alphanumeric(convert: Callable[[str], str], value: str) -> str:
    taken = convert(value)
    if not any(character.isalnum() for character in taken):
        raise NotExpected("alphanumeric", words=WORDS, found=repr(taken))
    return taken


def _document(convert: Callable[[str], str], value: str) -> str:
    if isinstance(value, NumberText) and len(value) >= DNI_DIGITS and value.isdigit():
        value = str(value)
    return _alphanumeric(convert, value)


def _telephone(value: str) -> str:
    if not _TELEPHONE.fullmatch(value):
        raise NotExpected("telephone", words=WORDS, found=repr(str(value)))
    return str(value)


def _day(today: date, value: str) -> date:
    if _DAY_FIRST.fullmatch(value):
        try:
            value = datetime.strptime(value, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            raise NotExpected("date", found=repr(value)) from None
    taken = day(value)
    if not EARLIEST <= taken <= today:
        raise NotExpected("between", words=WORDS, found=taken.isoformat())
    return taken


def _station(stations: StationNames, value: str) -> int:
    if not value:
        raise NotExpected("station", words=WORDS)
    station = stations.known.get(str(value).casefold())
    if station is None:
        kind = "study_station" if stations.own is None else "own_station"
        raise NotExpected(kind, words=WORDS, found=repr(str(value)))
    return station
