"""A woman's visits follow her part in the study: they stop with it and are planned again with it."""

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor, SystemActor
from accounts.permissions import Permission
from audit.services import record
from participants.consent_scopes import SCOPE_OF, Feature
from participants.followers import PartChange
from participants.models import Participant
from participants.queries import has_consent
from stations.queries import AllocationAltered
from visits.models import Visit
from visits.services.plan_writing import stop_visits
from visits.services.planning import replan_participant

PLANNER = SystemActor("planner", frozenset({Permission.PLAN_VISITS, Permission.RAISE_CASES}))


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Take back the visits of a woman who is not to be visited, from today on, or fit her plans to how she stands now.

    Stopping asks nothing that could fail. While planning is stopped for everybody hers waits, as theirs do.
    """
    if SCOPE_OF[Feature.PLAN_VISITS] not in change.scopes:
        return
    woman, now = change.participant, change.now
    _explain_what_nobody_can(woman)
    details: dict[str, object]
    if _is_visited(woman, change):
        details = {"plans": _planned_anew(woman, change)}
    else:
        details = {"stopped": stop_visits(woman, now)}
    record(
        actor=by,
        action="visits.follow",
        object_type="participant",
        object_id=woman.study_code,
        reason=change.reason,
        details=details,
    )


def _is_visited(woman: Participant, change: PartChange) -> bool:
    today = timezone.localdate(change.now)
    return woman.status == Participant.Status.ENROLLED and has_consent(woman, Feature.PLAN_VISITS, today)


def _explain_what_nobody_can(woman: Participant) -> None:
    """Give missed visits of a station that no longer cares for her their reason: they are on nobody's list now."""
    unexplained = woman.visits.filter(status=Visit.Status.MISSED, missed_reason="").exclude(station=woman.station_id)
    unexplained.update(missed_reason=Visit.MissedReason.HANDED_OVER)


def _planned_anew(woman: Participant, change: PartChange) -> int:
    try:
        return len(replan_participant(by=PLANNER, participant=woman, now=change.now))
    except AllocationAltered:
        if woman.visits.filter(status=Visit.Status.PLANNED).exclude(station=woman.station_id).exists():
            stop_visits(woman, change.now)
        return 0
