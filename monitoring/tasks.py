"""The worker tells of each scheduled job when it begins and ends; Celery connects this by loading the tasks.

And it tells those in charge: when the planner is late, and of each morning in counts.
"""

import logging
from datetime import date
from string import Template
from typing import Any

from celery import Task, shared_task
from celery.signals import task_failure, task_postrun, task_prerun
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import override

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.sweeping import StepsFailed, each_by_itself
from messaging.senders import Attachment, SendingFailed, SendingUncertain, Way, file_sender_for, sender_for
from messaging.texts import message_text
from monitoring import queries, services
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import StaffMessage
from monitoring.presenters.board import board_paper
from monitoring.queries.board import board_week

WATCHER = SystemActor("planner watch", frozenset({Permission.WATCH_PLANNER}))
AUDITOR = SystemActor("audit check", frozenset({Permission.WATCH_STUDY}))
COUNTER = SystemActor("visit counts", frozenset({Permission.WATCH_STUDY}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
LOST_DATABASE = (OperationalError,)
logger = logging.getLogger(__name__)


@shared_task(name="monitoring.tell_in_charge", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def tell_in_charge() -> None:
    services.watch_planner(by=WATCHER, now=timezone.now())
    due = queries.messages_due(timezone.now())
    each_by_itself(list(enumerate(due)), _tell, job="monitoring.tell_in_charge", key=lambda numbered: numbered[0])


@shared_task(name="monitoring.count_dose", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def count_dose() -> None:
    services.count_dose(by=COUNTER, now=timezone.now())


@shared_task(name="monitoring.check_audit", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def check_audit() -> None:
    services.check_audit(by=AUDITOR, now=timezone.now())


def _tell(numbered: tuple[int, queries.Due]) -> None:
    """Send a message once: claimed, sent, settled. One that may have left stays claimed and is not sent again."""
    due = numbered[1]
    message = services.claim_message(by=NOTIFIER, kind=due.kind, about=due.about, to=due.to, now=timezone.now())
    if message is None:
        return
    text = Template(message_text(due.kind, due.language)).substitute(due.counts)
    way, has_left = (Way.EMAIL if "@" in due.address else Way.SMS), True
    try:
        if due.kind == StaffMessage.Kind.BOARD_WEEK:
            file_sender_for(way).send_file(due.address, text, _board_week(due))
        else:
            sender_for(way).send(due.address, text)
    except SendingUncertain as error:
        logger.warning("message %s may have left by %s: %s", message.pk, way, error)
        return
    except SendingFailed as error:
        logger.warning("message %s did not leave by %s: %s", message.pk, way, error)
        has_left = False
    services.settle_message(by=NOTIFIER, message=message, has_left=has_left, now=timezone.now())


def _board_week(due: queries.Due) -> Attachment:
    """Return the week that a message speaks of as a paper in its reader's language: counts, and no name."""
    week = board_week(date.fromisoformat(due.about))
    with override(due.language):
        return Attachment("semana.pdf", board_paper(week, now=timezone.now()), "application/pdf")


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
