"""Terms of requests, in working days of Peru: counted from the day after, ending with the end of their last day."""

from datetime import date, timedelta

from protocol.holidays import after_working_days, is_working_day


def due_on(received_on: date, days: int) -> date:
    """Return the last day to answer a request that came in on a day, working or not."""
    return after_working_days(received_on, days)


def extended_until(due: date, days: int) -> date:
    """Return the last day after the one extension: as many working days again, from the day after the first term."""
    return after_working_days(due, days)


def remind_on(due: date, days_before: int) -> date:
    """Return the day on which a request is reminded of: so many working days before its last."""
    day = due
    for _ in range(days_before):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def is_overdue(due: date, today: date) -> bool:
    """Say whether a term is over: on its last day it is not."""
    return today > due
