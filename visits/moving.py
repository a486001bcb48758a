"""To which days of her week a visit can be moved by hand, and why not to the others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from protocol.holidays import is_holiday
from visits.cadence import DAYS_A_WEEK
from visits.week_draft import PlannedWoman


class Obstacle(StrEnum):
    """Why a visit cannot be on a day. Only the unsafe day gives way, to an exception with its reason."""

    OTHER_WEEK = "other_week"
    BEGUN = "begun"
    TAKEN = "taken"
    NO_CONSENT = "no_consent"
    NOT_SAFE = "not_safe"


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day of the week as a supervisor may choose it; a public holiday is a warning, no obstacle."""

    day: date
    obstacle: Obstacle | None
    is_holiday: bool


def obstacle_on(
    woman: PlannedWoman, day: date, *, monday: date, first_day: date, taken: Collection[date]
) -> Obstacle | None:
    """Return why she cannot be visited on a day of the week that begins on `monday`, None if she can.

    `first_day` is the first on which a visit can still be planned, `taken` the days on which another one stands.
    """
    if not monday <= day < monday + timedelta(days=DAYS_A_WEEK):
        return Obstacle.OTHER_WEEK
    if day < first_day:
        return Obstacle.BEGUN
    if day in taken:
        return Obstacle.TAKEN
    if woman.consent_lapses_on is not None and day >= woman.consent_lapses_on:
        return Obstacle.NO_CONSENT
    is_safe = woman.safe_hours is not None and day.isoweekday() in woman.safe_weekdays
    return None if is_safe else Obstacle.NOT_SAFE


def day_choices(
    woman: PlannedWoman, *, monday: date, first_day: date, taken: Collection[date]
) -> tuple[DayChoice, ...]:
    """Return the seven days of a week with what stands against each."""
    days = (monday + timedelta(days=number) for number in range(DAYS_A_WEEK))
    return tuple(
        DayChoice(day, obstacle_on(woman, day, monday=monday, first_day=first_day, taken=taken), is_holiday(day))
        for day in days
    )
