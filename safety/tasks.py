"""The clock of safety cases, safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from participants.tasks import tell_addresses
from safety import queries, services
from safety.models import SafetyNotice

SWEEPER = SystemActor("safety clock", frozenset({Permission.ESCALATE_CASES}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
LOST_DATABASE = (OperationalError,)
Audience = SafetyNotice.Audience


@shared_task(name="safety.escalate_cases", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def escalate_cases() -> None:
    services.escalate_cases(by=SWEEPER, now=timezone.now())


@shared_task(name="safety.send_notices", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def send_notices() -> None:
    addresses = {Audience.SAFETY: settings.SAFETY_NOTICES_TO, Audience.ADMINISTRATORS: settings.ADMIN_NOTICES_TO}
    for audience, listed in addresses.items():
        waiting = queries.notices_unsent(audience)
        told = tell_addresses(by=NOTIFIER, listing=f"safety {audience}", notice_ids=waiting, addresses=listed)
        if told:
            services.mark_notices_sent(by=NOTIFIER, notice_ids=told, now=timezone.now())
    events = queries.serious_events_untold()
    told = tell_addresses(by=NOTIFIER, listing="board", notice_ids=events, addresses=settings.BOARD_NOTICES_TO)
    if told:
        services.mark_board_notified(by=NOTIFIER, event_ids=told, now=timezone.now())
