"""Enrolment by station and week in words, as drawings and as rows of a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from monitoring.small_multiples import Panel, panel
from monitoring.station_weeks import Counted, Matrix, StationWeeks, matrix
from participants.queries import Recruiter
from participants.recruitment import FlowCell
from protocol.schema import Sampling


@dataclass(frozen=True, slots=True)
class WeekCell:
    """Women enrolled in one week; `is_enough`: as many as wanted in a week, or more."""

    enrolled: int
    is_enough: bool


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station's numbers, its weeks from the newest to the oldest, its drawing and what this shows."""

    station: StationWeeks
    cells: list[WeekCell]
    panel: Panel
    finding: str


@dataclass(frozen=True, slots=True)
class StationWeeksPage:
    """The matrix: `wanted` women at each station, `wanted_a_week` of them each week; weeks from the newest on."""

    wanted: int
    wanted_a_week: int | None
    is_over: bool
    weeks: list[str]
    lines: list[StationLine]
    sums: list[int]
    # The first and the last Monday, beside each drawing.
    from_to: tuple[str, str]
    finding: str

    @property
    def enrolled(self) -> int:
        return sum(self.sums)


def counted(
    by_day: Mapping[int, Mapping[date, int]], flow: Sequence[FlowCell], recruiters: Iterable[Recruiter]
) -> Counted:
    """Put together what is known of enrolment; those who screened are added up by station."""
    screenings: dict[int, tuple[int, int]] = {}
    for one in recruiters:
        screened, knew = screenings.get(one.station_id, (0, 0))
        screenings[one.station_id] = (screened + one.screened, knew + one.knew_arm)
    return Counted(by_day, flow, screenings)


def station_weeks_page(
    known: Counted, codes: Mapping[int, str], sampling: Sampling, *, today: date
) -> StationWeeksPage:
    """Return the whole matrix with a drawing for each station, all drawn on the same axes."""
    found = _matrix(known, codes, sampling, today=today)
    most = max([sampling.women_per_station, *(one.progress.enrolled for one in found.stations)])
    return StationWeeksPage(
        wanted=sampling.women_per_station,
        wanted_a_week=sampling.women_per_week,
        is_over=found.is_over,
        weeks=[_short([monday]) for monday in reversed(found.mondays)],
        lines=[_line(one, sampling, most) for one in found.stations],
        sums=list(reversed(found.sums)),
        from_to=(_short(found.mondays[:1]), _short(found.mondays[-1:])),
        finding=_finding(found.stations, has_pace=sampling.women_per_week is not None),
    )


def file_rows(
    known: Counted, codes: Mapping[int, str], sampling: Sampling, *, today: date
) -> Iterator[list[str | int | float | None]]:
    """Yield the lines of the file: a heading, then each station with its numbers and its weeks from the first on."""
    found = _matrix(known, codes, sampling, today=today)
    heading = [
        *(gettext("Station"), gettext("Wanted"), gettext("Women enrolled"), gettext("Enrolled a week of late")),
        *(gettext("Complete about"), gettext("At the earliest"), gettext("At the latest")),
        *(gettext("Agreed (per cent)"), gettext("Screened without knowing (per cent)")),
    ]
    yield [*heading, *(monday.isoformat() for monday in found.mondays)]
    for one in found.stations:
        when = one.progress.forecast
        days = (when.expected, when.earliest, when.latest) if when else None
        said = [day.isoformat() for day in days] if days else [_when(one), "", ""]
        reached = (one.progress.wanted, one.progress.enrolled, round(one.progress.pace, 1))
        yield [one.label, *reached, *said, one.agreed_pct, one.blinded_pct, *one.enrolled]


def _short(days: Sequence[date]) -> str:
    return " ".join(date_format(day, "d/m/y") for day in days)


def _matrix(known: Counted, codes: Mapping[int, str], sampling: Sampling, *, today: date) -> Matrix:
    wanted, a_week = sampling.women_per_station, sampling.women_per_week
    return matrix(known, codes, wanted=wanted, wanted_a_week=a_week, today=today)


def _line(one: StationWeeks, sampling: Sampling, most: int) -> StationLine:
    a_week = sampling.women_per_week
    cells = [WeekCell(number, a_week is not None and number >= a_week) for number in reversed(one.enrolled)]
    drawn = panel(one.so_far, one.wanted_so_far, wanted=sampling.women_per_station, most=most)
    said = gettext("%(station)s: %(enrolled)s of %(wanted)s, %(when)s") % {
        "station": one.label,
        "enrolled": one.progress.enrolled,
        "wanted": one.progress.wanted,
        "when": _when(one),
    }
    return StationLine(one, cells, drawn, said)


def _when(one: StationWeeks) -> str:
    if one.progress.is_full:
        return gettext("complete")
    if one.progress.forecast is None:
        return gettext("not at this pace")
    day = date_format(one.progress.forecast.expected, "SHORT_DATE_FORMAT")
    return gettext("complete about %(day)s") % {"day": day}


def _finding(stations: Sequence[StationWeeks], *, has_pace: bool) -> str:
    counts = {
        "stations": len(stations),
        "behind": sum(one.is_behind for one in stations),
        "full": sum(one.progress.is_full for one in stations),
        "never": sum(one.is_never_full for one in stations),
    }
    if has_pace:
        return (
            gettext(
                "Stations behind the pace wanted: %(behind)s of %(stations)s; complete: %(full)s; "
                "not to be completed at the pace of late: %(never)s"
            )
            % counts
        )
    return (
        gettext("Stations complete: %(full)s of %(stations)s; not to be completed at the pace of late: %(never)s")
        % counts
    )
