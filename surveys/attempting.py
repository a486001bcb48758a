"""When a woman may be tried for a survey: within her safe times, by the way that she chose, and not before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from participants.safe_contact import LIMA, Hours, SafeContact, allows_channel, is_safe


class Refusal(StrEnum):
    """Why an attempt cannot stand."""

    CHANNEL = "channel"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One contact allowed outside her safe times: its way, its day, and the hours of Lima, the end not included."""

    channel: str
    on: date
    hours: Hours

    def covers(self, at: datetime, channel: str) -> bool:
        local = at.astimezone(LIMA)
        return (self.channel, self.on) == (channel, local.date()) and self.hours[0] <= local.time() < self.hours[1]


def refusal_of(plan: SafeContact, at: datetime, channel: str, allowed: Collection[Allowance] = ()) -> Refusal | None:
    """Return why a woman is not tried by this way at a moment, None where nothing is against it.

    A way that she did not choose is never allowed; a time outside hers only by an allowance that was given before.
    Raise ValueError for a moment without a zone.
    """
    if not allows_channel(plan, channel):
        return Refusal.CHANNEL
    if is_safe(plan, at, channel) or any(one.covers(at, channel) for one in allowed):
        return None
    return Refusal.OUTSIDE
