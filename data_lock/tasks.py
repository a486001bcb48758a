"""Every night the locked data are counted again."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from data_lock import services

COUNTER = SystemActor("lock check", frozenset({Permission.READ_DATA_LOCKS}))


@shared_task(name="data_lock.check", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def check() -> None:
    services.check_locks(by=COUNTER, now=timezone.now())
