"""Asks for what is to be told to be sent, by the task's name, once the transaction has committed."""

from functools import partial

from django.db import transaction

from participants.replanning import send_task

NOTICES_TASK = "safety.send_notices"


def request_notices() -> None:
    """Send the task that tells of cases; with the queue away, its sweep does the same."""
    transaction.on_commit(partial(send_task, NOTICES_TASK))
