"""What the desk does by itself, safe to run twice."""

from django.conf import settings
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from data_protection import queries, services
from participants.tasks import tell_addresses

SWEEPER = SystemActor("data desk", frozenset({Permission.KEEP_DATA_DESK}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))


@study_task("data_protection.sweep")
def sweep() -> None:
    services.sweep_desk(by=SWEEPER, now=timezone.now())


@study_task("data_protection.send_notices")
def send_notices() -> None:
    waiting = queries.notices_unsent()
    addresses = sorted({*settings.DATA_NOTICES_TO, *settings.SAFETY_NOTICES_TO})
    told = tell_addresses(by=NOTIFIER, listing="data desk", notice_ids=waiting, addresses=addresses)
    if told:
        services.mark_notices_sent(by=NOTIFIER, notice_ids=told, now=timezone.now())
