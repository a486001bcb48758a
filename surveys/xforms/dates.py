"""Days and times as the numbers that expressions of a form calculate with: days since 1 January 1970, in Lima."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EPOCH = date(1970, 1, 1)
_DAY_S = 86_400
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def days_of(text: str, zone: tzinfo) -> float:
    """Return a day or moment in ISO 8601 as days since 1970-01-01 in the zone; not a number for anything else."""
    try:
        if _DAY.match(text):
            return float((date.fromisoformat(text) - EPOCH).days)
        if _MOMENT.match(text):
            return days_of_moment(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        pass
    return math.nan


def days_of_moment(moment: datetime, zone: tzinfo) -> float:
    """Return a moment as days since 1970-01-01 on the zone's clock; one without a zone is on that clock already."""
    local = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    return (local - datetime.combine(EPOCH, time())) / timedelta(days=1)


def moment_of(days: float) -> datetime:
    """Return the moment on the clock that a number of days stands for, to the second."""
    return datetime.combine(EPOCH, time()) + timedelta(seconds=round(days * _DAY_S))


def iso_of(days: float) -> str:
    """Return a number of days as ISO 8601 writes it: a day if it is whole, a moment otherwise."""
    moment = moment_of(days)
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat()


def share_of_day(text: str) -> float:
    """Return a time of day (14:30, with or without seconds and zone) as a share of the day; not a number otherwise."""
    found = _TIME.match(text)
    if found is None:
        return math.nan
    hour, minute, second = (int(part or 0) for part in found.groups())
    return (hour * 3600 + minute * 60 + second) / _DAY_S


def format_moment(days: float, pattern: str) -> str:
    """Return a moment in a pattern of ODK's letters: %Y %y %m %n %b %d %e %H %h %M %S %3 %a; "" for not a number."""
    if math.isnan(days):
        return ""
    moment = moment_of(days).replace(tzinfo=UTC)
    letters = {
        "Y": f"{moment.year:04}", "y": f"{moment.year % 100:02}", "m": f"{moment.month:02}", "n": str(moment.month),
        "b": _MONTHS[moment.month - 1], "d": f"{moment.day:02}", "e": str(moment.day), "H": f"{moment.hour:02}",
        "h": str(moment.hour), "M": f"{moment.minute:02}", "S": f"{moment.second:02}", "3": "000",
        "a": moment.strftime("%a"), "%": "%",
    }  # fmt: skip
    return re.sub("%(.)", lambda found: letters.get(found[1], found[0]), pattern)
