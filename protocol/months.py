"""Months as the protocol counts them: by the calendar, from a day on."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months on (before, if negative), or that month's last day if shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
