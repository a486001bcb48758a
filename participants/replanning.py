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
    transaction.on_commit(partial(_send, participant_id))


def _send(participant_id: int) -> None:
    try:
        current_app.send_task(REPLAN_TASK, kwargs={"participant_id": participant_id}, retry=False)
    except OperationalError:
        logger.warning("the queue is away: the planner's sweep will find what changed")
