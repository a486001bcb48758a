"""Every night the locked data are counted again."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from data_lock import services

COUNTER = SystemActor("lock check", frozenset({Permission.READ_DATA_LOCKS}))


@study_task("data_lock.check")
def check() -> None:
    services.check_locks(by=COUNTER, now=timezone.now())
