"""What the desk does by itself, safe to run twice."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from data_protection import queries, services
from messaging.senders import SendingFailed, Way, sender_for
from messaging.texts import message_text

SWEEPER = SystemActor("data desk", frozenset({Permission.KEEP_DATA_DESK}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
LOST_DATABASE = (OperationalError,)
logger = logging.getLogger(__name__)


@shared_task(name="data_protection.sweep", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def sweep() -> None:
    services.sweep_desk(by=SWEEPER, now=timezone.now())


@shared_task(name="data_protection.send_notices", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def send_notices() -> None:
    waiting = queries.notices_unsent()
    addresses = sorted({*settings.DATA_NOTICES_TO, *settings.SAFETY_NOTICES_TO})
    if not waiting or not addresses:
        return
    text, was_told = message_text("staff_notice", settings.LANGUAGE_CODE), False
    for address in addresses:
        way = Way.EMAIL if "@" in address else Way.SMS
        try:
            sender_for(way).send(address, text)
            was_told = True
        except SendingFailed as error:
            logger.warning("a notice did not leave by %s: %s", way, error)
    if was_told:
        services.mark_notices_sent(by=NOTIFIER, notice_ids=waiting, now=timezone.now())
