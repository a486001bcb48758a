"""Sweeps over what was brought in by half."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from interviews import services

SWEEPER = SystemActor("interviews", frozenset({Permission.HOLD_INTERVIEWS}))


@study_task("interviews.drop_unfinished")
def drop_unfinished() -> None:
    services.drop_unfinished(by=SWEEPER, now=timezone.now())
