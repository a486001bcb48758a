"""The worker tells of each scheduled job when it begins and ends; Celery connects this by loading the tasks.

And it writes to whoever should know: what is late, what waits for somebody, and each morning in counts.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from celery import Task
from celery.signals import task_failure, task_postrun, task_prerun
from django.utils import timezone
from django.utils.translation import override

from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission
from accounts.sweeping import StepsFailed, each_by_itself
from accounts.tasks import study_task
from messaging.senders import Attachment, SendingFailed, SendingUncertain, Way, file_sender_for, sender_for
from monitoring import services
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import Lateness
from monitoring.presenters.board import board_paper
from monitoring.presenters.messages import message_sources, message_words, morning_of
from monitoring.queries.board import board_week
from monitoring.queries.mornings import mornings_to_ask
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
    tell_everybody(now=timezone.now())


@study_task("monitoring.count_dose")
def count_dose() -> None:
    services.count_dose(by=COUNTER, now=timezone.now())


@study_task("monitoring.check_audit")
def check_audit() -> None:
    services.check_audit(by=AUDITOR, now=timezone.now())


def tell_everybody(*, now: datetime) -> None:
    """Write to whoever is to hear of something at a moment: of what happened, then each her morning, each by itself."""
    happened = [partial(_tell_of, source, now) for source in message_sources(now)]
    mornings = [partial(tell_morning, user, now=now) for user in mornings_to_ask(now)]
    _each([*happened, *mornings])


def tell_morning(user: User, *, now: datetime) -> None:
    """Send a person's morning and note what waited for her today; where nothing did, she is not asked for again.

    A worker that dies before the note leaves none: where nothing waited the next one asks again, and a message that
    left is held by its claim.
    """
    morning = morning_of(user, now)
    if morning.due is None or send_once(morning.due, now=now):
        services.note_morning(user=user, counts=morning.counts, now=now)


def _tell_of(source: Callable[[], list[Due]], now: datetime) -> None:
    _each([partial(send_once, due, now=now) for due in source()])


def _each(steps: Sequence[Callable[[], object]]) -> None:
    numbered = list(enumerate(steps))
    each_by_itself(numbered, lambda one: one[1](), job="monitoring.tell_in_charge", key=lambda one: one[0])


def send_once(due: Due, *, now: datetime) -> bool:
    """Send a message once: claimed, sent, settled; say whether it left or may have left.

    One that may have left stays claimed and is not sent again.

    Whoever left or changed her role since it was found is not written to.
    """
    if not is_still_told(due):
        return False
    # Before it is claimed: what cannot be written yet is not taken for sent.
    words, paper = message_words(due), _board_week(due) if due.kind == Kind.BOARD_WEEK else None
    message = services.claim_message(by=NOTIFIER, kind=due.kind, about=due.about, to=due.reader.to, now=now)
    if message is None:
        return False
    address, has_left = due.reader.address, True
    way = Way.EMAIL if "@" in address else Way.SMS
    try:
        if paper is not None:
            file_sender_for(way).send_file(address, words, paper)
        else:
            sender_for(way).send(address, words)
    except SendingUncertain as error:
        logger.warning("message %s may have left by %s: %s", message.pk, way, error)
        return True
    except SendingFailed as error:
        logger.warning("message %s did not leave by %s: %s", message.pk, way, error)
        has_left = False
    services.settle_message(by=NOTIFIER, message=message, has_left=has_left, now=now)
    return has_left


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
