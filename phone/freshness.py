"""When a phone is to be looked at: records that wait too long, silence, a clock that is wrong, PINs that were wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A record should be here the same day; a phone that its officer carries is heard of every few days.
WAITS_TOO_LONG = timedelta(hours=24)
SILENT_TOO_LONG = timedelta(days=3)
CLOCK_TOLERANCE = timedelta(minutes=5)
WIPED_LATELY = timedelta(days=7)


class Concern(TextChoices):
    """Why a supervisor asks for the phone."""

    UNSENT = "unsent", _("Not sent for more than a day")
    SILENT = "silent", _("Not heard of for three days")
    CLOCK = "clock", _("Its clock is wrong")
    WIPED = "wiped", _("Emptied after wrong PINs")


@dataclass(frozen=True, slots=True)
class PhoneState:
    """What a phone last said of itself, and when it was heard of; moments in its own clock are by its own clock."""

    last_seen_at: datetime
    oldest_unsent_at: datetime | None
    clock_skew_s: int | None
    wiped_at: datetime | None


def waits_since(state: PhoneState) -> datetime | None:
    """Return since when its oldest record waits, by the server's clock; None if nothing does."""
    if state.oldest_unsent_at is None:
        return None
    return state.oldest_unsent_at - timedelta(seconds=state.clock_skew_s or 0)


def concerns(state: PhoneState, now: datetime) -> list[Concern]:
    """Return why the phone is to be looked at, the gravest first; none for one that is well."""
    since = waits_since(state)
    found = {
        Concern.UNSENT: since is not None and now - since > WAITS_TOO_LONG,
        Concern.SILENT: now - state.last_seen_at > SILENT_TOO_LONG,
        Concern.CLOCK: abs(state.clock_skew_s or 0) > CLOCK_TOLERANCE.total_seconds(),
        Concern.WIPED: state.wiped_at is not None and now - state.wiped_at < WIPED_LATELY,
    }
    return [concern for concern, is_found in found.items() if is_found]
