"""Changes of a woman's part in the study that must stop or renew her visits in the same moment."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor, SystemActor
from accounts.permissions import Permission
from audit.services import record
from participants import services as participants_services
from participants.consent_scopes import Part, Scope
from participants.models import Participant, Withdrawal
from visits.services.plan_writing import stop_visits
from visits.services.planning import replan_participant

PLANNER = SystemActor("planner", frozenset({Permission.PLAN_VISITS}))


@transaction.atomic
def withdraw_participant_and_plans(
    *, by: Actor, participant: Participant, reason: str, erase: bool = False, now: datetime
) -> Withdrawal:
    """Withdraw a woman and take back her visits from today on, both or neither.

    Raise what `participants.services.withdraw_participant` raises.
    """
    withdrawal = participants_services.withdraw_participant(
        by=by, participant=participant, reason=reason, erase=erase, now=now
    )
    _stop(by, withdrawal, now)
    return withdrawal


@transaction.atomic
def withdraw_in_part_and_plans(
    *, by: Actor, participant: Participant, parts: Collection[Part], reason: str, now: datetime
) -> Withdrawal:
    """End parts of what a woman agreed to; with the visits go those from today on, both or neither.

    Raise what `participants.services.withdraw_in_part` raises.
    """
    withdrawal = participants_services.withdraw_in_part(
        by=by, participant=participant, parts=parts, reason=reason, now=now
    )
    if Scope.VISITS in withdrawal.scopes:
        _stop(by, withdrawal, now)
    return withdrawal


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


def _stop(by: Actor, withdrawal: Withdrawal, now: datetime) -> None:
    participant = withdrawal.participant
    record(
        actor=by,
        action="visits.stop",
        object_type="participant",
        object_id=participant.study_code,
        reason=withdrawal.reason,
        details={"visits": stop_visits(participant, now)},
    )
