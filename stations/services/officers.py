"""Where officers serve."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from stations.models import Officer, Posting, Station


class PostingOverlaps(StudyError):
    """An officer serves at one station at a time."""

    code = "posting_overlaps"
    message = _("The officer is already posted from that day or later. End that posting first.")
    http_status = 409


@transaction.atomic
def post_officer(*, by: Actor, officer: Officer, station: Station, starts_on: date) -> Posting:
    """Post an officer to a station from a day; an open posting elsewhere ends the day before.

    Raises PostingOverlaps if she is posted from that day or later, or until that day or later.
    """
    require(by, Permission.MANAGE_OFFICERS)
    if officer.postings.filter(Q(starts_on__gte=starts_on) | Q(ends_on__gte=starts_on)).exists():
        raise PostingOverlaps
    officer.postings.filter(ends_on=None, starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1))
    posting = Posting.objects.create(officer=officer, station=station, starts_on=starts_on)
    audit.record(
        actor=by,
        action="stations.post_officer",
        object_type="officer",
        object_id=officer.code,
        details={"station": station.code, "from": starts_on.isoformat()},
    )
    return posting
