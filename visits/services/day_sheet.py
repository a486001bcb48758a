"""The print-out of a day without signal: who takes it away is written down."""

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from visits import queries
from visits.models import Visit


@transaction.atomic
def print_day_sheet(*, by: User, day: date) -> list[Visit]:
    """Return a day's open visits of her station for paper, in the order of the list; the printing is on record."""
    require(by, Permission.READ_VISITS)
    visits = [visit for visit in queries.visits_on(by, day) if visit.status == Visit.Status.PLANNED]
    record(
        actor=by,
        action="visits.print_day_sheet",
        object_type="day",
        object_id=day.isoformat(),
        details={"visits": len(visits)},
    )
    return visits
