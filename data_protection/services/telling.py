"""Telling the women whom an incident concerns: by ways that are safe for them, or writing why not."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from data_protection import queries
from data_protection.models import DataIncident, IncidentWoman
from data_protection.services.incidents import IncidentMovedOn
from data_protection.telling import safe_ways
from participants.reach import ConflictOfInterest, require_reach
from participants.services.refusals import conflicts_reported


class WayNotSafe(StudyError):
    """Her plan does not allow it: the message could be seen, the call heard."""

    code = "way_not_safe"
    message = _("Her plan of safe contact does not allow this way. Tell her in person, alone with her.")
    http_status = 409


class ToldAlready(StudyError):
    """She was told once; that stands."""

    code = "told_already"
    message = _("It stands already that she was told.")
    http_status = 409


@conflicts_reported
@transaction.atomic
def record_told(*, by: User, entry: IncidentWoman, way: IncidentWoman.Way, now: datetime) -> IncidentWoman:
    """Write that she was told, and how. Raise WayNotSafe, ToldAlready, IncidentMovedOn, or as `require_reach`."""
    locked = _settled_by(by, entry, now)
    if way not in safe_ways(queries.channel_of(locked), takes_part=queries.takes_part(locked)):
        raise WayNotSafe
    locked.told_at, locked.told_how, locked.not_told_reason = now, way, ""
    return _kept(by, locked, "data_protection.tell_woman", str(way))


@conflicts_reported
@transaction.atomic
def record_not_told(*, by: User, entry: IncidentWoman, reason: IncidentWoman.NotTold, now: datetime) -> IncidentWoman:
    """Write why she is not told; she may still be later. Raise ToldAlready, IncidentMovedOn, or as `require_reach`."""
    locked = _settled_by(by, entry, now)
    locked.not_told_reason = reason
    return _kept(by, locked, "data_protection.not_tell_woman", str(reason))


def _settled_by(by: User, entry: IncidentWoman, now: datetime) -> IncidentWoman:
    require(by, Permission.TELL_OF_INCIDENTS)
    if by.role != Role.ADMINISTRATOR:
        require_reach(by, entry.participant, now)
    if queries.is_barred(by, entry):
        raise ConflictOfInterest
    # The incident first, as everywhere: closing it waits for this, or this finds it closed.
    incident = DataIncident.objects.select_for_update(no_key=True).get(pk=entry.incident_id)
    locked = IncidentWoman.objects.select_for_update(of=("self",)).select_related("participant").get(pk=entry.pk)
    if incident.status == DataIncident.Status.CLOSED:
        raise IncidentMovedOn
    if locked.told_at is not None:
        raise ToldAlready
    return locked


def _kept(by: User, entry: IncidentWoman, action: str, code: str) -> IncidentWoman:
    entry.settled_by = by
    entry.save()
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=entry.participant.study_code,
        reason=code,
        details={"incident": entry.incident_id},
    )
    return entry
