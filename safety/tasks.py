"""The clock of safety cases, safe to run twice."""

from django.conf import settings
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from participants.tasks import tell_addresses
from safety import queries, services
from safety.models import SafetyNotice

SWEEPER = SystemActor("safety clock", frozenset({Permission.ESCALATE_CASES}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
Audience = SafetyNotice.Audience


@study_task("safety.escalate_cases")
def escalate_cases() -> None:
    services.escalate_cases(by=SWEEPER, now=timezone.now())


@study_task("safety.send_notices")
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
