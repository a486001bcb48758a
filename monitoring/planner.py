"""When the planner counts as late, and when somebody is to hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.jobs import JobState

PLANNER_JOBS = frozenset(
    {"visits.plan_coming_week", "visits.replan_pending", "visits.assign_open", "visits.mark_missed"}
)
MADE_BY = "visits.plan_coming_week"
# A worker that starts again is late for a moment: nobody is written to for that.
TELL_AFTER = timedelta(minutes=10)
# A message about a lateness long over says nothing any more.
TELL_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PlannerState:
    """Whether the plans are late, and when they were last made, None when they never were."""

    is_late: bool
    made_at: datetime | None


def planner_state(jobs: Iterable[JobState], *, has_unplanned: bool) -> PlannerState:
    """Judge the planner by its jobs, and by whether somebody who should have a plan of this week has none."""
    watched = {job.job: job for job in jobs if job.job in PLANNER_JOBS}
    is_late = has_unplanned or any(job.is_late for job in watched.values())
    return PlannerState(is_late, watched[MADE_BY].succeeded_at)


def is_worth_telling(*, began_at: datetime, over_at: datetime | None, now: datetime) -> bool:
    """Say whether a lateness lasted so long that those in charge hear of it, and is recent enough."""
    until = over_at or now
    return until - began_at >= TELL_AFTER and now - until <= TELL_WITHIN
