"""Asks the planner to look at one woman again, by the task's name: this room does not know the planner."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

REPLAN_TASK = "visits.replan_participant"


def request_replan(participant_id: int) -> None:
    """Send the planner's task once the transaction has committed; with the queue away, its sweep does the same."""
    transaction.on_commit(partial(send_task, REPLAN_TASK, participant_id=participant_id))


def send_task(name: str, **words: object) -> None:
    """Send a task to the queue; with the queue away, its sweep finds what waits."""
    try:
        current_app.send_task(name, kwargs=words, retry=False)
    except OperationalError:
        logger.warning("the queue is away: the sweep of %s will find what waits", name)
