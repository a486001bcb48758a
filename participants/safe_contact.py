"""When and how a woman may be reached: the part of her plan that a planner needs and that names nobody.

Days and hours are Lima's, whose clock is the same all year. The hour at which the safe hours end is no longer safe; a
visit must be over by then.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LIMA = ZoneInfo("America/Lima")
DAYS_A_WEEK = 7

Hours = tuple[time, time]


class Contact(TextChoices):
    """A way in which the study comes to her."""

    VISIT = "visit", _("Visit")
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Safe weekdays (ISO: 1 Monday … 7 Sunday), hours of the day, the channel, and the language of messages."""

    weekdays: tuple[int, ...]
    safe_from: time
    safe_until: time
    channel: str = "visit"
    language: str = "es"

    def hours_on(self, day: date) -> Hours | None:
        """Return the safe hours of a day, None when no hour of it is safe."""
        return (self.safe_from, self.safe_until) if day.isoweekday() in self.weekdays else None


class CardPurpose(StrEnum):
    """Why a sealed card is opened; the audit keeps it."""

    VISIT = "visit"
    SURVEY = "survey"
    REVIEW = "review"
    EMERGENCY = "emergency"
    MESSAGE = "message"
    PHONE = "phone"


class Occasion(TextChoices):
    """At which contact she said how she can be reached."""

    VISIT = "visit", _("Visit")
    SURVEY = "survey", _("Survey")


def review_due_at(reviewed_at: datetime, wanted_at: datetime | None, review_days: int) -> datetime:
    """Return from when on her plan is to be reviewed: so many days after the last time, or as soon as it was asked for.

    It is asked for when something happened to her; a review after that answers it. Source: protocol, `cards`.
    """
    if wanted_at is not None and wanted_at > reviewed_at:
        return wanted_at
    return reviewed_at + timedelta(days=review_days)


def allows_channel(plan: SafeContact, channel: str) -> bool:
    """Say whether she may be reached in this way at all: by a visit always, otherwise as she chose."""
    return channel in (Contact.VISIT, plan.channel)


def is_safe(plan: SafeContact, at: datetime, channel: str) -> bool:
    """Say whether she may be reached in this way at a moment, told in any zone. Raise ValueError for a naive one."""
    local = _in_lima(at)
    hours = plan.hours_on(local.date())
    return allows_channel(plan, channel) and hours is not None and hours[0] <= local.time() < hours[1]


def is_safe_window(plan: SafeContact, on: date, window: Hours, channel: str) -> bool:
    """Say whether the whole of a day's window (Lima's hours) lies within her safe hours, and the channel is hers."""
    hours = plan.hours_on(on)
    return allows_channel(plan, channel) and hours is not None and hours[0] <= window[0] < window[1] <= hours[1]


def next_safe_moment(plan: SafeContact, at: datetime, channel: str) -> datetime | None:
    """Return the earliest safe moment from `at` on, `at` itself if it is one; None when there is none.

    In Lima's time. Raise ValueError for a naive moment.
    """
    local = _in_lima(at)
    if not allows_channel(plan, channel):
        return None
    for days in range(DAYS_A_WEEK + 1):
        day = local.date() + timedelta(days=days)
        hours = plan.hours_on(day)
        if hours is None or hours[0] >= hours[1]:
            continue
        begins, ends = (datetime.combine(day, hour, LIMA) for hour in hours)
        if local < ends:
            return max(local, begins)
    return None


def _in_lima(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(at)
    return at.astimezone(LIMA)
