"""The study's weeks, Monday to Sunday, and when the time to log a visit is over."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ISO_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})", re.ASCII)
WEEK = timedelta(days=7)
# No study lies outside of them, and every day has a week before and after it.
FIRST_YEAR, LAST_YEAR = 1900, 2999


class WeekInvalid(ValueError):
    """The text names no ISO week; the message says what was expected."""


def parse_week(text: str) -> date:
    """Return the Monday of an ISO 8601 week written as 2026-W48. Raise WeekInvalid."""
    match = _ISO_WEEK.fullmatch(text)
    if match is None:
        raise WeekInvalid(f"week: expected year and ISO week such as 2026-W48, found {text!r}")
    try:
        monday = date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
    except ValueError as error:
        raise WeekInvalid(f"week: {text} does not exist; {match['year']} has weeks 01 to {_weeks(match)}") from error
    if not FIRST_YEAR <= monday.year <= LAST_YEAR:
        raise WeekInvalid(f"week: expected a year from {FIRST_YEAR} to {LAST_YEAR}, found {text}")
    return monday


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_label(monday: date) -> str:
    """Write a week as ISO 8601 does: 2026-W48."""
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02d}"


def grace_end(planned_on: date, *, grace_hours: int, zone: ZoneInfo) -> datetime:
    """Return the moment from which a visit without a log is missed: `grace_hours` after its day's last midnight.

    The hours are elapsed time, also where a clock change lies between.
    """
    midnight = datetime.combine(planned_on + timedelta(days=1), time(), zone)
    return (midnight.astimezone(ZoneInfo("UTC")) + timedelta(hours=grace_hours)).astimezone(zone)


def _weeks(match: re.Match[str]) -> int:
    """Return how many ISO weeks a year has: 28 December is always in the last one."""
    year = int(match["year"])
    return date(year, 12, 28).isocalendar().week if year else 52
