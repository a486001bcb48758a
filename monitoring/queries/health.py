"""How the study is at this moment, for people and programs that watch it."""

from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from audit.queries import chain_head, latest_checkpoint
from data_lock.queries import locks_broken
from monitoring.backups import BackupState, backup_state
from monitoring.metrics import Health
from monitoring.models import BackupReport
from monitoring.queries import QUEUE_TIMEOUT_S, job_states
from protocol.queries import NoProtocol, current_protocol
from protocol.watching import Backups
from safety.queries import open_case_ages, waiting_counts
from stations.queries import latest_check
from visits.queries import oldest_unsent

_QUEUE = "celery"


def queue_length() -> int | None:
    """Return how many tasks wait for a worker; None if the queue does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=QUEUE_TIMEOUT_S, socket_connect_timeout=QUEUE_TIMEOUT_S
        ) as client:
            waiting: int = client.llen(f"{prefix}{_QUEUE}")
    except redis.RedisError:
        return None
    return waiting


def backup_now(now: datetime) -> BackupState:
    """Return how the backups stand by what was reported, in one query, judged by the protocol's days."""
    found = BackupReport.objects.aggregate(made_at=Max("made_at"), restored_on=Max("restored_on"))
    try:
        limits = current_protocol().backups
    except NoProtocol:
        limits = Backups()
    return backup_state(
        found["made_at"],
        found["restored_on"],
        alarm_after_days=limits.alarm_after_days,
        restore_days=limits.restore_days,
        now=now,
        today=timezone.localdate(now),
    )


def health_at(now: datetime) -> Health:
    """Return how the study is."""
    checkpoint, allocation = latest_checkpoint(), latest_check()
    waiting, overdue = waiting_counts(now)
    return Health(
        now=now,
        jobs=job_states(now=now),
        queue_length=queue_length(),
        oldest_unsent=oldest_unsent(),
        audit_rows=chain_head()[0],
        audit_checked_at=checkpoint.at if checkpoint else None,
        audit_is_intact=not checkpoint.problem if checkpoint else None,
        allocation_agrees=not allocation.problem if allocation else None,
        locks_broken=locks_broken().count(),
        cases_waiting=waiting,
        cases_overdue=overdue,
        cases_by_age=open_case_ages(now),
        backup=backup_now(now),
    )
