"""Which rules a log from a phone breaks. It is kept all the same: what an officer wrote is never dropped."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A telephone's clock may run a little ahead.
CLOCK_TOLERANCE = timedelta(minutes=5)


class Breach(TextChoices):
    REPLANNED = "replanned", _("The visit had been re-planned")
    EARLY = "early", _("Before its day")
    LATE = "late", _("After its time was over")
    AHEAD = "ahead", _("The hour of the visit still lay ahead")
    RESCUED = "rescued", _("Brought by a file from the telephone")
    CLOCK_SKEW = "clock_skew", _("The telephone’s clock was wrong")


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """What the plan says of a visit."""

    planned_on: date
    grace_ends_at: datetime
    is_replanned: bool


def breaches_of(
    visit: PlannedVisit, *, occurred_at: datetime, occurred_on: date, received_at: datetime, clock_skew_s: int | None
) -> list[str]:
    """Return the codes of the rules that a log breaks, in their order; none for a good one.

    `occurred_on` is its day in the study's time zone; `clock_skew_s` the seconds by which the phone's clock was ahead.
    """
    broken = {
        Breach.REPLANNED: visit.is_replanned,
        Breach.EARLY: occurred_on < visit.planned_on,
        Breach.LATE: occurred_at > visit.grace_ends_at,
        Breach.AHEAD: occurred_at > received_at + CLOCK_TOLERANCE,
        Breach.CLOCK_SKEW: abs(clock_skew_s or 0) > CLOCK_TOLERANCE.total_seconds(),
    }
    return [str(breach) for breach, is_broken in broken.items() if is_broken]


def breaches_when_corrected(
    broken: list[str], visit: PlannedVisit, *, occurred_at: datetime, occurred_on: date
) -> list[str]:
    """Return what a log breaks once its moment is put right: how it came stays as it was."""
    of_moment = breaches_of(
        visit, occurred_at=occurred_at, occurred_on=occurred_on, received_at=occurred_at, clock_skew_s=None
    )
    how_it_came = [code for code in broken if code not in (Breach.EARLY, Breach.LATE, Breach.AHEAD)]
    return [*how_it_came, *of_moment]
