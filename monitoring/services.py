"""Keeping the heartbeat of the scheduled jobs."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from monitoring.models import JobHeartbeat


# A heartbeat is no act of anybody: it is not audited, and there is one row per job for ever.
@transaction.atomic
def record_job_start(*, job: str, now: datetime) -> None:
    """Note that a job began."""
    JobHeartbeat.objects.update_or_create(job=job, defaults={"started_at": now})


@transaction.atomic
def record_job_end(*, job: str, error: str, now: datetime, failed_steps: int = 0) -> None:
    """Note that a job ended; `error` is the kind of failure, empty after success. Never its text: it may quote data.

    `failed_steps`: of a sweep that went on past failures, how many there were.
    """
    ended = {"finished_at": now, "error": error, "failed_steps": failed_steps, "runs": F("runs") + 1}
    if not error:
        ended["succeeded_at"] = now
    JobHeartbeat.objects.filter(job=job).update(**ended)
