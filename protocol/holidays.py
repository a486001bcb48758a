"""Peru's public holidays, and days counted in working days."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 6


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the national public holidays of a year (DL 713 and its changes, as the `holidays` package keeps them)."""
    return frozenset(holidays.country_holidays("PE", years=year))


def is_holiday(day: date) -> bool:
    """Say whether a day is a national public holiday."""
    return day in public_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Say whether a day is Monday to Friday and no public holiday."""
    return day.isoweekday() < SATURDAY and not is_holiday(day)


def after_working_days(start: date, days: int) -> date:
    """Return the last day of a term of `days` (1 or more) working days, counted from the day after `start`.

    So legal terms run (TUO of Ley 27444, arts. 144 and 145). Raise ValueError for fewer than one day.
    """
    if days < 1:
        raise ValueError(days)
    day = start
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day
