"""One woman's week before it is written: how many visits, on which days, between which hours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Protocol

from protocol.holidays import is_holiday
from visits.cadence import DAYS_A_WEEK, WeeklyCadence, spread_days, visit_window, weekly_target
from visits.weeks import WEEK, monday_of


class StudyCadence(WeeklyCadence, Protocol):
    """The visits a week, and the hours in which the study visits at all."""

    @property
    def earliest(self) -> time: ...

    @property
    def latest(self) -> time: ...

    @property
    def holidays(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PlannedWoman:
    """What planning needs to know of her; `level` is "" before a first one, no safe hours means no visit.

    The station of `station_id` visits her; that of `enrolled_station_id` decides whether the level counts.
    `consent_lapses_on` is the first day on which her consent to visits no longer counts, None if no such day is known.
    `level_rank` orders levels, the lowest first; None before a first one.
    """

    participant_id: int
    station_id: int
    enrolled_station_id: int
    level: str
    safe_weekdays: frozenset[int]
    safe_hours: tuple[time, time] | None
    enrolled_on: date
    consent_lapses_on: date | None = None
    level_rank: int | None = None

    def may_be_visited(self, day: date) -> bool:
        """Say whether a day is a safe one, and one on which her consent counts."""
        lapses_on = self.consent_lapses_on
        return day.isoweekday() in self.safe_weekdays and (lapses_on is None or day < lapses_on)

    def window(self, cadence: StudyCadence) -> tuple[time, time] | None:
        """Return the hours in which she is visited, None when none are safe."""
        if self.safe_hours is None:
            return None
        safe_from, safe_until = self.safe_hours
        return visit_window(
            safe_from=safe_from, safe_until=safe_until, earliest=cadence.earliest, latest=cadence.latest
        )


@dataclass(frozen=True, slots=True)
class WeekDraft:
    """A week's visits that are still to be planned; `shortfall` is what her safe days do not allow."""

    target: int
    shortfall: int
    days: tuple[date, ...]
    window: tuple[time, time] | None


def first_plannable_day(window: tuple[time, time] | None, *, today: date, clock: time) -> date:
    """Return the first day that can still get a visit: today until her hours begin, then tomorrow."""
    return today if window is not None and clock < window[0] else today + timedelta(days=1)


def draft_week(
    woman: PlannedWoman,
    *,
    monday: date,
    first_day: date,
    kept_on: Collection[date],
    cadence: StudyCadence,
    uses_risk_levels: bool,
    taken: Collection[date] = (),
) -> WeekDraft:
    """Draft a woman's week from `first_day` on, around the visits that stay (`kept_on`), with none on a `taken` day.

    Raise KeyError for a level that the protocol does not name.
    """
    week_number = (monday - monday_of(woman.enrolled_on)) // WEEK
    target = weekly_target(cadence, uses_risk_levels=uses_risk_levels, level=woman.level, week=week_number)
    window = woman.window(cadence)
    kept = frozenset(day.isoweekday() for day in kept_on)
    week = [monday + timedelta(days=number) for number in range(DAYS_A_WEEK)]
    free = [day for day in week if day >= first_day and day not in taken]
    open_days = [day for day in free if window is not None and woman.may_be_visited(day)]
    allowed = frozenset(day.isoweekday() for day in _worked(open_days, target - len(kept), cadence.holidays))
    weekdays = spread_days(target, allowed, kept, woman.participant_id)
    return WeekDraft(
        target=target,
        shortfall=max(target - len(kept) - len(weekdays), 0),
        days=tuple(monday + timedelta(days=day - 1) for day in weekdays),
        window=window,
    )


def _worked(days: Collection[date], wanted: int, holidays: str) -> list[date]:
    """Return the days left once public holidays are taken out, as far as the protocol wants that."""
    ordinary = [day for day in days if holidays == "visit" or not is_holiday(day)]
    if holidays == "rest" or len(ordinary) >= wanted:
        return ordinary
    return [*ordinary, *[day for day in days if is_holiday(day)][: wanted - len(ordinary)]]
