"""What the participants' room does by itself, safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from participants import services

SWEEPER = SystemActor("intake sweeper", frozenset({Permission.KEEP_VAULT}))
LOST_DATABASE = (OperationalError,)


@shared_task(name="participants.drop_expired_imports", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def drop_expired_imports() -> None:
    services.drop_expired_imports(by=SWEEPER, now=timezone.now())
