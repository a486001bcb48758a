"""Months as the protocol counts them: by the calendar, from a day on."""

import calendar
from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months on (before, if negative), or that month's last day if shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def months_over(day: date, months: int) -> date:
    """Return the last day from which so many months are over by `day`: that of `months_after`, asked the other way.

    On the last day of a month it is the last one of the earlier month too: 28 February ends what began on 31 August.
    """
    begun = months_after(day, -months)
    is_last_of_month = (day + timedelta(days=1)).day == 1
    return _last_of_month(begun) if is_last_of_month else begun


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
