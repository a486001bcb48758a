"""How the study is, in numbers that a watching program reads (Prometheus text format)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from monitoring.backups import BackupState
from monitoring.jobs import JobState


@dataclass(frozen=True, slots=True)
class Health:
    """The study at one moment. None where a thing cannot be asked or never happened; no name, no station, no arm."""

    now: datetime
    jobs: Sequence[JobState]
    queue_length: int | None
    oldest_unsent: datetime | None
    audit_rows: int
    audit_checked_at: datetime | None
    audit_is_intact: bool | None
    allocation_agrees: bool | None
    locks_broken: int
    cases_waiting: int
    cases_overdue: int
    cases_by_age: Mapping[str, int]
    backup: BackupState


def exposition(health: Health) -> bytes:
    """Return the numbers as text. A number that is not known is left out: an alert may ask for its absence."""
    registry = CollectorRegistry()
    for name, help_text, number in _numbers(health):
        if number is not None:
            Gauge(f"agenda_{name}", help_text, registry=registry).set(number)
    ages = Gauge("agenda_job_age_seconds", "Since a scheduled job last succeeded", ["job"], registry=registry)
    late = Gauge("agenda_job_late", "1 if a scheduled job is late", ["job"], registry=registry)
    failed = Gauge("agenda_job_failed_steps", "Steps that failed in its last run", ["job"], registry=registry)
    cases = Gauge("agenda_cases_open", "Safety cases that are not closed, by age", ["age"], registry=registry)
    for age, number in health.cases_by_age.items():
        cases.labels(age).set(number)
    for job in health.jobs:
        if job.succeeded_at is not None:
            ages.labels(job.job).set((health.now - job.succeeded_at).total_seconds())
        late.labels(job.job).set(job.is_late)
        failed.labels(job.job).set(job.failed_steps)
    return generate_latest(registry)


def _numbers(health: Health) -> list[tuple[str, str, float | None]]:
    return [
        ("queue_length", "Tasks that wait for a worker", health.queue_length),
        (
            "unsent_age_seconds",
            "Age of the oldest record not sent by a phone",
            _age(health, health.oldest_unsent),
        ),
        ("audit_rows", "Linked rows of the audit", health.audit_rows),
        ("audit_check_age_seconds", "Since the audit was last checked whole", _age(health, health.audit_checked_at)),
        ("audit_intact", "1 if the last check found the audit whole", _flag(health.audit_is_intact)),
        ("allocation_agrees", "1 if the draw is that of its certificate", _flag(health.allocation_agrees)),
        ("locks_broken", "Locks of data that do not hold what was signed", health.locks_broken),
        ("cases_waiting", "Safety cases without a first answer", health.cases_waiting),
        ("cases_overdue", "Those of them past their term", health.cases_overdue),
        ("backup_age_seconds", "Age of the newest backup that was reported", _age(health, health.backup.made_at)),
        ("backup_old", "1 if no backup is as recent as the protocol asks", float(health.backup.is_old)),
        ("backup_restore_untried", "1 if no restore was tried as lately", float(health.backup.is_untried)),
    ]


def _age(health: Health, since: datetime | None) -> float | None:
    return None if since is None else max(0.0, (health.now - since).total_seconds())


def _flag(value: bool | None) -> float | None:  # noqa: FBT001 (a value, not a switch)
    return None if value is None else float(value)
