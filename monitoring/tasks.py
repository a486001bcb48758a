"""The worker tells of each scheduled job when it begins and ends; Celery connects this by loading the tasks.

And it writes to whoever should know: what is late, what waits for somebody, and each morning in counts.
"""

import logging
from datetime import date, datetime
from typing import Any

from celery import Task
from celery.signals import task_failure, task_postrun, task_prerun
from django.utils import timezone
from django.utils.translation import override

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.sweeping import StepsFailed, each_by_itself
from accounts.tasks import study_task
from messaging.senders import Attachment, SendingFailed, SendingUncertain, Way, file_sender_for, sender_for
from monitoring import services
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import Lateness
from monitoring.presenters.board import board_paper
from monitoring.presenters.messages import Source, message_sources, message_words
from monitoring.queries.board import board_week
from monitoring.queries.readers import Due, is_still_told
from monitoring.telling import Kind

WATCHER = SystemActor("planner watch", frozenset({Permission.WATCH_PLANNER}))
AUDITOR = SystemActor("audit check", frozenset({Permission.WATCH_STUDY}))
COUNTER = SystemActor("visit counts", frozenset({Permission.WATCH_STUDY}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
logger = logging.getLogger(__name__)


@study_task("monitoring.tell_in_charge")
def tell_in_charge() -> None:
    for what in Lateness.What:
        services.watch_lateness(by=WATCHER, what=what, now=timezone.now())
    sources = list(enumerate(message_sources(timezone.now())))
    each_by_itself(sources, _tell_of, job="monitoring.tell_in_charge", key=lambda numbered: numbered[0])


@study_task("monitoring.count_dose")
def count_dose() -> None:
    services.count_dose(by=COUNTER, now=timezone.now())


@study_task("monitoring.check_audit")
def check_audit() -> None:
    services.check_audit(by=AUDITOR, now=timezone.now())


def _tell_of(numbered: tuple[int, Source]) -> None:
    due = list(enumerate(numbered[1]()))
    each_by_itself(due, _tell, job="monitoring.tell_in_charge", key=lambda one: one[0])


def _tell(numbered: tuple[int, Due]) -> None:
    send_once(numbered[1], now=timezone.now())


def send_once(due: Due, *, now: datetime) -> None:
    """Send a message once: claimed, sent, settled. One that may have left stays claimed and is not sent again.

    Whoever left or changed her role since it was found is not written to.
    """
    if not is_still_told(due):
        return
    # Before it is claimed: what cannot be written yet is not taken for sent.
    words, paper = message_words(due), _board_week(due) if due.kind == Kind.BOARD_WEEK else None
    message = services.claim_message(by=NOTIFIER, kind=due.kind, about=due.about, to=due.reader.to, now=now)
    if message is None:
        return
    address, has_left = due.reader.address, True
    way = Way.EMAIL if "@" in address else Way.SMS
    try:
        if paper is not None:
            file_sender_for(way).send_file(address, words, paper)
        else:
            sender_for(way).send(address, words)
    except SendingUncertain as error:
        logger.warning("message %s may have left by %s: %s", message.pk, way, error)
        return
    except SendingFailed as error:
        logger.warning("message %s did not leave by %s: %s", message.pk, way, error)
        has_left = False
    services.settle_message(by=NOTIFIER, message=message, has_left=has_left, now=now)


def _board_week(due: Due) -> Attachment:
    """Return the week that a message speaks of as a paper in its reader's language: counts, and no name."""
    week = board_week(date.fromisoformat(due.about))
    with override(due.reader.language):
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
