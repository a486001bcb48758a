"""From reports to enrolment in numbers, against the protocol's, and when a station would be complete."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

RECENT_DAYS = 56
SHORTEST_DAYS = 7
# Four in five: the chance that the day lies in the range, if the pace stays as it was.
RANGE_Z = 1.2816
FARTHEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Flow:
    """What came of the women who reported: each of them counts once, in one of these."""

    to_screen: int = 0
    unreachable: int = 0
    not_eligible: int = 0
    refused: int = 0
    to_enrol: int = 0
    enrolled: int = 0

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(**{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)})

    @property
    def reported(self) -> int:
        return sum(getattr(self, part.name) for part in fields(self))

    @property
    def screened(self) -> int:
        return self.reported - self.to_screen

    @property
    def eligible(self) -> int:
        return self.refused + self.to_enrol + self.enrolled


@dataclass(frozen=True, slots=True)
class FlowCell:
    """The women who first reported at a station in a month (its first day), and what came of them."""

    station_id: int
    month: date
    flow: Flow


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which the number is reached at the recent pace, and the range in which four in five would lie."""

    expected: date
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Women enrolled and wanted, in all and this week (Monday to today), the pace a week, and what it leads to.

    `forecast` is None once the number is reached, and while nobody was enrolled of late.
    """

    enrolled: int
    wanted: int
    this_week: int
    wanted_a_week: int | None
    pace: float
    forecast: Forecast | None

    @property
    def is_full(self) -> bool:
        return self.enrolled >= self.wanted

    @property
    def share(self) -> int:
        """Return the per cent enrolled of those wanted, 100 at most."""
        return min(100, 100 * self.enrolled // self.wanted)


@dataclass(frozen=True, slots=True)
class EnrolledWeek:
    """Women enrolled in the week of a Monday, all until its end, and how many the protocol's pace would have by then.

    The pace counts from the week of the first woman; None where the protocol names none.
    """

    monday: date
    enrolled: int
    so_far: int
    wanted_so_far: int | None


def progress(by_day: Mapping[date, int], *, wanted: int, wanted_a_week: int | None, today: date) -> Progress:
    """Sum up a station from the women it enrolled on each day, days after today left out."""
    past = {day: count for day, count in by_day.items() if day <= today}
    enrolled = sum(past.values())
    monday = _monday(today)
    days = _days_watched(min(past, default=today), today)
    recent = sum(count for day, count in past.items() if (today - day).days < days)
    return Progress(
        enrolled=enrolled,
        wanted=wanted,
        this_week=sum(count for day, count in past.items() if day >= monday),
        wanted_a_week=wanted_a_week,
        pace=7 * recent / days,
        forecast=forecast(missing=wanted - enrolled, recent=recent, days=days, today=today),
    )


def enrolled_weeks(
    by_day: Mapping[date, int], *, wanted: int, wanted_a_week: int | None, today: date
) -> list[EnrolledWeek]:
    """Return every week from that of the first woman enrolled to that of today, days after today left out."""
    past = {day: count for day, count in by_day.items() if day <= today}
    found: list[EnrolledWeek] = []
    monday = _monday(min(past, default=today))
    while past and monday <= today:
        enrolled = sum(count for day, count in past.items() if _monday(day) == monday)
        so_far = enrolled + (found[-1].so_far if found else 0)
        by_pace = None if wanted_a_week is None else min(wanted, wanted_a_week * (len(found) + 1))
        found.append(EnrolledWeek(monday, enrolled, so_far, by_pace))
        monday += timedelta(days=SHORTEST_DAYS)
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def forecast(*, missing: int, recent: int, days: int, today: date) -> Forecast | None:
    """Say when `missing` more women are enrolled, if they come as `recent` did in the last `days` days.

    Women are taken to come one by one at a steady pace. Both the pace (known from `recent` women) and the wait for the
    missing ones vary: on the logarithm of the wait by about 1/recent + 1/missing (delta method). None if nobody is
    missing, nobody came, or the day lies further off than ten years.
    """
    if missing <= 0 or recent <= 0:
        return None
    wait = missing * days / recent
    spread = math.exp(RANGE_Z * math.sqrt(1 / recent + 1 / missing))
    if wait * spread > FARTHEST_DAYS:
        return None
    earliest, expected, latest = (today + timedelta(days=math.ceil(n)) for n in (wait / spread, wait, wait * spread))
    return Forecast(expected=expected, earliest=earliest, latest=latest)


def _days_watched(first: date, today: date) -> int:
    """Return over how many days, today included, the pace is taken: the last eight weeks, or since the first woman."""
    return max(SHORTEST_DAYS, min(RECENT_DAYS, (today - first).days + 1))
