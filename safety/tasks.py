"""The clock of safety cases, safe to run twice."""

import logging
from collections.abc import Sequence

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from messaging.senders import SendingFailed, Way, sender_for
from messaging.texts import message_text
from safety import queries, services
from safety.models import SafetyNotice

SWEEPER = SystemActor("safety clock", frozenset({Permission.ESCALATE_CASES}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
LOST_DATABASE = (OperationalError,)
Audience = SafetyNotice.Audience
logger = logging.getLogger(__name__)


@shared_task(name="safety.escalate_cases", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def escalate_cases() -> None:
    services.escalate_cases(by=SWEEPER, now=timezone.now())


@shared_task(name="safety.send_notices", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def send_notices() -> None:
    addresses = {Audience.SAFETY: settings.SAFETY_NOTICES_TO, Audience.ADMINISTRATORS: settings.ADMIN_NOTICES_TO}
    for audience, listed in addresses.items():
        waiting = queries.notices_unsent(audience)
        if waiting and _told(listed):
            services.mark_notices_sent(by=NOTIFIER, notice_ids=waiting, now=timezone.now())
    untold = queries.serious_events_untold()
    if untold and _told(settings.BOARD_NOTICES_TO):
        services.mark_board_notified(by=NOTIFIER, event_ids=untold, now=timezone.now())


def _told(addresses: Sequence[str]) -> bool:
    """Send the one neutral text to every address; say whether it left to any."""
    text, was_told = message_text("staff_notice", settings.LANGUAGE_CODE), False
    for address in addresses:
        way = Way.EMAIL if "@" in address else Way.SMS
        try:
            sender_for(way).send(address, text)
            was_told = True
        except SendingFailed as error:
            logger.warning("a notice did not leave by %s: %s", way, error)
    return was_told
