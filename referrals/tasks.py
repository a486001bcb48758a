"""What referrals do by themselves, safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from referrals import services

SWEEPER = SystemActor("referral sweeper", frozenset({Permission.MAKE_REFERRALS}))


@shared_task(name="referrals.sweep", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def sweep() -> None:
    services.sweep_referrals(by=SWEEPER, now=timezone.now())
