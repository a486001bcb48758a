"""What the risk room does by itself, safe to run twice."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from risk import services

SWEEPER = SystemActor("risk sweeper", frozenset({Permission.ESCALATE_RISK, Permission.RAISE_CASES}))


@study_task("risk.escalate_waiting")
def escalate_waiting() -> None:
    services.escalate_waiting(by=SWEEPER, now=timezone.now())
