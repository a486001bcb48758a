"""Changes of a woman's part in the study that must stop or renew her visits in the same moment."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor, SystemActor
from accounts.permissions import Permission
from audit.services import record
from participants import services as participants_services
from participants.models import Participant
from visits.services.plan_writing import stop_visits
from visits.services.planning import replan_participant

PLANNER = SystemActor("planner", frozenset({Permission.PLAN_VISITS}))


@transaction.atomic
def withdraw_participant_and_plans(*, by: Actor, participant: Participant, reason: str, now: datetime) -> Participant:
    """Withdraw a woman and take back her visits from today on, both or neither.

    Raise what `participants.services.withdraw_participant` raises.
    """
    withdrawn = participants_services.withdraw_participant(by=by, participant=participant, reason=reason, now=now)
    stopped = stop_visits(withdrawn, now)
    record(
        actor=by,
        action="visits.stop",
        object_type="participant",
        object_id=withdrawn.study_code,
        reason=reason,
        details={"visits": stopped},
    )
    return withdrawn


@transaction.atomic
def change_status_and_plans(
    *, by: Actor, participant: Participant, to: Participant.Status, reason: str, now: datetime
) -> Participant:
    """Pause, resume or end a woman's follow-up and fit her plans to it, both or neither.

    Raise what `participants.services.change_status` raises.
    """
    changed = participants_services.change_status(by=by, participant=participant, to=to, reason=reason, now=now)
    plans = replan_participant(by=PLANNER, participant=changed, now=now)
    record(
        actor=by,
        action="visits.follow_status",
        object_type="participant",
        object_id=changed.study_code,
        reason=reason,
        details={"to": to, "plans": len(plans)},
    )
    return changed
