"""Which scheduled jobs the study lives by, and after how long a silence each is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Twice the interval of the schedule in the settings, and some minutes for a long run.
LONGEST_SILENCE: dict[str, timedelta] = {
    "visits.plan_coming_week": timedelta(hours=12, minutes=15),
    "visits.mark_missed": timedelta(minutes=25),
    "visits.replan_pending": timedelta(minutes=2),
    "visits.raise_missed_in_a_row": timedelta(minutes=25),
    "visits.escalate_missed": timedelta(minutes=25),
    "visits.make_digests": timedelta(hours=18, minutes=15),
    "visits.assign_open": timedelta(minutes=15),
    "stations.check_allocation": timedelta(hours=48, minutes=15),
    "participants.watch_access": timedelta(minutes=5),
    "participants.send_notices": timedelta(minutes=5),
    "participants.send_messages": timedelta(minutes=5),
    "surveys.share_out_women": timedelta(minutes=15),
    "surveys.schedule_new_participants": timedelta(minutes=5),
    "participants.drop_expired_imports": timedelta(minutes=25),
    "participants.forget_reports": timedelta(hours=48, minutes=15),
    "participants.return_from_pauses": timedelta(hours=2, minutes=15),
    "referrals.sweep": timedelta(hours=12, minutes=15),
    "risk.escalate_waiting": timedelta(hours=2, minutes=15),
    "safety.escalate_cases": timedelta(minutes=15),
    "safety.send_notices": timedelta(minutes=5),
    "interviews.drop_unfinished": timedelta(hours=48, minutes=15),
    "data_protection.sweep": timedelta(minutes=25),
    "data_protection.send_notices": timedelta(minutes=5),
    "monitoring.tell_in_charge": timedelta(minutes=5),
    "monitoring.count_dose": timedelta(hours=2, minutes=15),
    "monitoring.check_audit": timedelta(hours=48, minutes=15),
    "panel.count_columns": timedelta(hours=12, minutes=15),
    "panel.sweep_releases": timedelta(minutes=15),
    "data_lock.check": timedelta(hours=48, minutes=15),
    "quality.check_data": timedelta(hours=48, minutes=15),
    "back_checks.choose": timedelta(hours=48, minutes=15),
    "quality.count_people": timedelta(hours=2, minutes=15),
    "surveys.mark_overdue": timedelta(hours=12, minutes=15),
}


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as watched: when it last succeeded, and whether that was too long ago."""

    job: str
    succeeded_at: datetime | None
    error: str
    is_late: bool
    failed_steps: int = 0


def job_state(job: str, *, succeeded_at: datetime | None, error: str, now: datetime, failed_steps: int = 0) -> JobState:
    """Judge one job at a moment. A job that never ran is late."""
    is_late = succeeded_at is None or now - succeeded_at > LONGEST_SILENCE[job]
    return JobState(job, succeeded_at, error, is_late, failed_steps)


def is_silent(state: JobState, *, began_at: datetime, now: datetime) -> bool:
    """Say whether a job is silent too long; one that never ran counts from the day on which the study began."""
    if state.succeeded_at is not None:
        return state.is_late
    return now - began_at > LONGEST_SILENCE[state.job]
