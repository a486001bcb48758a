"""The worker tells of each scheduled job when it begins and ends; Celery connects this by loading the tasks."""

from typing import Any

from celery import Task
from celery.signals import task_failure, task_postrun, task_prerun
from django.utils import timezone

from accounts.sweeping import StepsFailed
from monitoring import services
from monitoring.jobs import LONGEST_SILENCE


@task_prerun.connect
def job_started(task: Task | None = None, **kwargs: Any) -> None:
    if task is not None and task.name in LONGEST_SILENCE:
        services.record_job_start(job=task.name, now=timezone.now())


@task_postrun.connect
def job_ended(task: Task | None = None, state: str = "", **kwargs: Any) -> None:
    if task is not None and task.name in LONGEST_SILENCE and state == "SUCCESS":
        services.record_job_end(job=task.name, error="", now=timezone.now())


@task_failure.connect
def job_failed(sender: Task | None = None, exception: Exception | None = None, **kwargs: Any) -> None:
    if sender is not None and sender.name in LONGEST_SILENCE:
        failed = exception.failed if isinstance(exception, StepsFailed) else 0
        services.record_job_end(
            job=sender.name, error=type(exception).__name__, failed_steps=failed, now=timezone.now()
        )
