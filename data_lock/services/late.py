"""What came after a lock and is left out of the data, with a reason; or else the lock is lifted by two people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from data_lock.models import LateArrival


class LateDecided(StudyError):
    """The first decision stands, and what a lifted lock let in is in."""

    code = "late_decided"
    message = _("Somebody has already decided this: nothing was changed.")
    http_status = 409


@transaction.atomic
def leave_out(*, by: User, arrival: LateArrival, reason: LateArrival.Reason, now: datetime) -> LateArrival:
    """Leave out of the data what came after a lock, as long as that stands; it stays kept where it is.

    Raise LateDecided.
    """
    require(by, Permission.PROPOSE_DATA_LOCKS)
    held = LateArrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
    if not held.is_out or held.decided_at is not None:
        raise LateDecided
    held.reason, held.decided_by, held.decided_at = reason, by, now
    held.save(update_fields=["reason", "decided_by", "decided_at"])
    record(
        actor=by,
        action="data_lock.leave_out",
        object_type="data_lock",
        object_id=held.lock_id,
        reason=reason,
        details={"arrival": held.pk},
    )
    return held
