"""Pausing, resuming and ending a woman's part in the study."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.reach import require_reach
from participants.status import may_become


class StatusChangeRefused(StudyError):
    """Her status does not allow the change."""

    code = "status_change_refused"
    message = _("Her status does not allow this change.")
    http_status = 409


@transaction.atomic
def withdraw_participant(*, by: Actor, participant: Participant, reason: str, now: datetime) -> Participant:
    """End a woman's part in the study at her wish: every consent ends, and her status is final.

    `reason` is a code. Raise ParticipantOutOfReach or StatusChangeRefused.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    require_reach(by, participant, now)
    locked, _before = _moved_to(participant, Participant.Status.WITHDRAWN, now)
    ended = locked.consents.filter(ended_at=None).update(ended_at=now)
    record(
        actor=by,
        action="participants.withdraw",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details={"consents_ended": ended},
    )
    return locked


@transaction.atomic
def change_status(
    *, by: Actor, participant: Participant, to: Participant.Status, reason: str, now: datetime
) -> Participant:
    """Pause, resume or end a woman's follow-up; withdrawal has its own service.

    `reason` is a code. Raise ParticipantOutOfReach or StatusChangeRefused.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    require_reach(by, participant, now)
    if to == Participant.Status.WITHDRAWN:
        raise StatusChangeRefused
    locked, before = _moved_to(participant, to, now)
    record(
        actor=by,
        action="participants.change_status",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details={"from": before, "to": to},
    )
    return locked


def _moved_to(participant: Participant, status: Participant.Status, now: datetime) -> tuple[Participant, str]:
    """Give her the status under a lock; return her row and the status before."""
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    before = locked.status
    if not may_become(before, status):
        raise StatusChangeRefused
    locked.status, locked.status_changed_at = status, now
    locked.save(update_fields=["status", "status_changed_at"])
    return locked, before
