"""What the participants' room does by itself, safe to run twice."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from messaging.senders import SendingFailed, Way, sender_for
from messaging.texts import message_text
from participants import queries, services

SWEEPER = SystemActor("intake sweeper", frozenset({Permission.KEEP_VAULT}))
WATCHER = SystemActor("access watcher", frozenset({Permission.WATCH_ACCESS}))
RETURNER = SystemActor("end of pauses", frozenset({Permission.CHANGE_PARTICIPANT_STATUS}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
LOST_DATABASE = (OperationalError,)
logger = logging.getLogger(__name__)


@shared_task(name="participants.drop_expired_imports", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def drop_expired_imports() -> None:
    services.drop_expired_imports(by=SWEEPER, now=timezone.now())


@shared_task(name="participants.forget_reports", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def forget_reports() -> None:
    services.forget_reports(by=SWEEPER, now=timezone.now())


@shared_task(name="participants.watch_access", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def watch_access() -> None:
    services.watch_access(by=WATCHER, now=timezone.now())


@shared_task(name="participants.send_notices", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def send_notices() -> None:
    waiting = queries.notices_unsent()
    if not waiting or not settings.SAFETY_NOTICES_TO:
        return
    text, was_told = message_text("staff_notice", settings.LANGUAGE_CODE), False
    for address in settings.SAFETY_NOTICES_TO:
        way = Way.EMAIL if "@" in address else Way.SMS
        try:
            sender_for(way).send(address, text)
            was_told = True
        except SendingFailed as error:
            logger.warning("a notice did not leave by %s: %s", way, error)
    if was_told:
        services.mark_notices_sent(by=NOTIFIER, notice_ids=waiting, now=timezone.now())


@shared_task(name="participants.return_from_pauses", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def return_from_pauses() -> None:
    for participant in queries.participants_to_return(timezone.localdate()):
        services.return_from_pause(by=RETURNER, participant=participant, now=timezone.now())
