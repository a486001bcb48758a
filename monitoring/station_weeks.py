"""Enrolment station by station and week by week, against the number and the pace wanted, for readers of the arm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.shares import share
from participants.recruitment import EnrolledWeek, FlowCell, Progress, enrolled_weeks, progress

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StationWeeks:
    """One station: women enrolled in each week of the matrix, all so far and due so far; None before its first woman.

    `agreed_pct` is the consent rate; `blinded_pct`, of the screenings, those by somebody who did not know what the
    station receives.
    """

    label: str
    enrolled: tuple[int, ...]
    so_far: tuple[int, ...]
    wanted_so_far: tuple[int | None, ...]
    progress: Progress
    agreed_pct: int | None
    blinded_pct: int | None

    @property
    def is_behind(self) -> bool:
        """Say whether fewer are enrolled today than the pace wanted by the end of last week; no if none is wanted."""
        due = self.wanted_so_far[-2] if len(self.wanted_so_far) > 1 else None
        return due is not None and self.progress.enrolled < due

    @property
    def is_never_full(self) -> bool:
        """Say whether the number is not reached at the pace of late."""
        return not self.progress.is_full and self.progress.forecast is None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every station by every week (its Monday) from the first woman enrolled anywhere on, and all together.

    The last week is today's, or, when every station is complete (`is_over`), that of the last woman.
    """

    is_over: bool
    mondays: tuple[date, ...]
    stations: tuple[StationWeeks, ...]
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of enrolment: women by station and day, what came of those who reported, screenings by station.

    `screenings`: station → how many count, and how many were by somebody who knew what the station receives.
    """

    by_day: Mapping[int, Mapping[date, int]]
    flow: Sequence[FlowCell]
    screenings: Mapping[int, tuple[int, int]]


def matrix(
    counted: Counted, codes: Mapping[int, str], *, wanted: int, wanted_a_week: int | None, today: date
) -> Matrix:
    """Lay out the stations of `codes`, in their order, by week; no week where nobody is enrolled yet."""
    reached = {
        station: progress(counted.by_day[station], wanted=wanted, wanted_a_week=wanted_a_week, today=today)
        for station in codes
    }
    days = [day for station in codes for day in counted.by_day[station] if day <= today]
    is_over = bool(days) and all(one.is_full for one in reached.values())
    until = max(days) if is_over else today
    mondays = _mondays(min(days), until) if days else ()
    stations = tuple(
        _station(
            code,
            mondays,
            enrolled_weeks(counted.by_day[station], wanted=wanted, wanted_a_week=wanted_a_week, today=until),
            reached[station],
            _agreed(counted.flow, station),
            _blinded(*counted.screenings.get(station, (0, 0))),
        )
        for station, code in codes.items()
    )
    sums = tuple(sum(numbers) for numbers in zip(*(one.enrolled for one in stations), strict=True))
    return Matrix(is_over, mondays, stations, sums)


def _mondays(first: date, until: date) -> tuple[date, ...]:
    monday = first - timedelta(days=first.weekday())
    return tuple(monday + number * _WEEK for number in range((until - monday).days // _WEEK.days + 1))


def _station(
    code: str,
    mondays: Sequence[date],
    weeks: Sequence[EnrolledWeek],
    found: Progress,
    agreed_pct: int | None,
    blinded_pct: int | None,
) -> StationWeeks:
    before = len(mondays) - len(weeks)
    return StationWeeks(
        label=code,
        enrolled=(0,) * before + tuple(week.enrolled for week in weeks),
        so_far=(0,) * before + tuple(week.so_far for week in weeks),
        wanted_so_far=(None,) * before + tuple(week.wanted_so_far for week in weeks),
        progress=found,
        agreed_pct=agreed_pct,
        blinded_pct=blinded_pct,
    )


def _agreed(flow: Sequence[FlowCell], station: int) -> int | None:
    enrolled = sum(cell.flow.enrolled for cell in flow if cell.station_id == station)
    refused = sum(cell.flow.refused for cell in flow if cell.station_id == station)
    return share(enrolled, enrolled + refused)


def _blinded(screened: int, knew: int) -> int | None:
    return share(screened - knew, screened)
