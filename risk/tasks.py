"""What the risk room does by itself, safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from risk import services

SWEEPER = SystemActor("risk sweeper", frozenset({Permission.ESCALATE_RISK, Permission.RAISE_CASES}))
LOST_DATABASE = (OperationalError,)


@shared_task(name="risk.escalate_waiting", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def escalate_waiting() -> None:
    services.escalate_waiting(by=SWEEPER, now=timezone.now())
