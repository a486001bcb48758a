"""The guard of the locked allocation: compares the database with the certificate, at start and every day."""

from datetime import datetime

from django.db import transaction

import audit.services as audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from stations.models import AllocationCheck
from stations.queries import allocation_problem


@transaction.atomic
def check_allocation(*, by: Actor, now: datetime) -> AllocationCheck:
    """Compare the locked allocation with its certificate, draw it again, and keep the finding.

    A finding with a problem stops all planning (`stations.queries.require_intact_allocation`) until a later check
    finds none.
    """
    require(by, Permission.CHECK_ALLOCATION)
    problem = allocation_problem()
    check = AllocationCheck.objects.create(checked_at=now, problem=problem)
    audit.record(
        actor=by,
        action="stations.allocation_differs" if problem else "stations.check_allocation",
        object_type="allocation",
        object_id=check.pk,
    )
    return check
