"""Sweeps over what was brought in by half."""

from celery import shared_task
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from interviews import services

SWEEPER = SystemActor("interviews", frozenset({Permission.HOLD_INTERVIEWS}))


@shared_task(name="interviews.drop_unfinished")
def drop_unfinished() -> None:
    services.drop_unfinished(by=SWEEPER, now=timezone.now())
