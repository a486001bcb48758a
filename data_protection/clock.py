"""The clock of an incident: it runs by the hour, over weekends and holidays, from the moment the incident is known."""

from datetime import datetime, timedelta
from enum import StrEnum


class Clock(StrEnum):
    """How an incident stands that the authority was not told of yet."""

    RUNNING = "running"
    REMINDED = "reminded"
    OVERDUE = "overdue"


def due_at(discovered_at: datetime, notify_hours: int) -> datetime:
    """Return the last moment to tell the authority and the women (DS 016-2024-JUS: 48 hours)."""
    return discovered_at + timedelta(hours=notify_hours)


def clock_of(discovered_at: datetime, due: datetime, *, remind_hours: int, now: datetime) -> Clock:
    """Say how the clock stands at a moment: overdue after its last moment, reminded from `remind_hours` on."""
    if now > due:
        return Clock.OVERDUE
    return Clock.REMINDED if now >= discovered_at + timedelta(hours=remind_hours) else Clock.RUNNING
