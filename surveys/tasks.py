"""Sweeps over survey cases."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from surveys import services

SWEEPER = SystemActor("surveys", frozenset({Permission.COLLECT_SURVEYS, Permission.COORDINATE_SURVEYS}))


@study_task("surveys.mark_overdue")
def mark_overdue() -> None:
    services.mark_overdue(by=SWEEPER, now=timezone.now())
    services.end_sittings(by=SWEEPER, now=timezone.now())


@study_task("surveys.schedule_new_participants")
def schedule_new_participants() -> None:
    services.schedule_new_participants(by=SWEEPER, now=timezone.now())


@study_task("surveys.share_out_women")
def share_out_women() -> None:
    services.share_out_women(by=SWEEPER, now=timezone.now())
