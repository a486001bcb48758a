"""Asks for notices and messages to be sent, by the task's name, once the transaction has committed."""

from functools import partial

from django.db import transaction

from participants.replanning import send_task

NOTICES_TASK = "participants.send_notices"
MESSAGE_TASK = "participants.send_message"


def request_notices() -> None:
    """Send the task that tells of new notices; with the queue away, its sweep does the same."""
    transaction.on_commit(partial(send_task, NOTICES_TASK))


def request_sending(message_id: int) -> None:
    """Send the task that sends one message; with the queue away, its sweep does the same."""
    transaction.on_commit(partial(send_task, MESSAGE_TASK, message_id=message_id))
