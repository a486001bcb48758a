"""The nightly draw, safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from back_checks import services

DRAWER = SystemActor("back-checks", frozenset({Permission.COORDINATE_SURVEYS}))


@shared_task(name="back_checks.choose", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def choose() -> None:
    services.choose_back_checks(by=DRAWER, now=timezone.now())
