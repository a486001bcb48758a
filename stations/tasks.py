"""What the schedule does for the allocation."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from stations.queries import AllocationAltered
from stations.services import check_allocation as check

GUARD = SystemActor("allocation_guard", frozenset({Permission.CHECK_ALLOCATION}))


@study_task("stations.check_allocation")
def check_allocation() -> None:
    """Compare the locked allocation with its certificate; a difference fails the job, which the overview shows."""
    if check(by=GUARD, now=timezone.now()).problem:
        raise AllocationAltered
