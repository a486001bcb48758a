"""A level lowered: proposed by a complete form, decided by a supervisor with a reason."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import Participant
from participants.queries import is_within_reach
from participants.reach import require_in_study, require_no_tie
from participants.services import ParticipantOutOfReach
from participants.services.refusals import conflicts_reported
from protocol.queries import current_protocol
from risk.models import Assessment, CurrentRisk, Lowering

LOWERING_NOTE = "lowering note"
_State = Lowering.State


class LoweringDecided(StudyError):
    """Somebody was faster, or a newer form came."""

    code = "lowering_decided"
    message = _("This was already decided, or a newer sheet has come: look at her sheets.")
    http_status = 409


class LoweringNeedsReason(StudyError):
    """Whoever lowers a level says why; so does whoever leaves it against what the form comes to."""

    code = "lowering_needs_reason"
    message = _("Choose why; for another reason, write it in the note.")


def set_aside_lowering(participant: Participant, *, now: datetime) -> None:
    """Let what waits give way to a newer form. The participant is locked."""
    Lowering.objects.filter(participant=participant, state=_State.WAITING).update(
        state=_State.SUPERSEDED, decided_at=now
    )


def propose_lowering(assessment: Assessment, *, to_level: str, to_rank: int) -> Lowering:
    """Put the lower level that a complete form comes to before a supervisor. The participant is locked."""
    days = current_protocol().risk.lowering_days
    return Lowering.objects.create(
        participant=assessment.participant,
        assessment=assessment,
        from_level=assessment.level,
        from_rank=assessment.level_rank,
        to_level=to_level,
        to_rank=to_rank,
        proposed_at=assessment.assessed_at,
        due_at=assessment.assessed_at + timedelta(days=days),
    )


@conflicts_reported
@transaction.atomic
def confirm_lowering(*, by: User, lowering: Lowering, reason: str, note: str, now: datetime) -> Lowering:
    """Lower the level held to what the form came to, and mark it for the planner.

    Whoever has to do with her case takes no visit from her. Raise ParticipantOutOfReach, ParticipantLeft,
    LoweringDecided, LoweringNeedsReason or ActRefused.
    """
    locked = _waiting(by, lowering, now)
    require_no_tie(by, locked.participant)
    _decide(locked, _State.CONFIRMED, Lowering.ConfirmedReason.values, by=by, reason=reason, note=note, now=now)
    CurrentRisk.objects.filter(participant=locked.participant).update(
        assessment=locked.assessment,
        level=locked.to_level,
        level_rank=locked.to_rank,
        since=now,
        replan_pending=True,
        **_due_after(locked),
    )
    _record_decision(by, locked, "risk.confirm_lowering")
    return locked


@transaction.atomic
def decline_lowering(*, by: User, lowering: Lowering, reason: str, note: str, now: datetime) -> Lowering:
    """Leave the level as it is held, whoever decides. Raise as `confirm_lowering`, but not ActRefused."""
    locked = _waiting(by, lowering, now)
    _decide(locked, _State.DECLINED, Lowering.DeclinedReason.values, by=by, reason=reason, note=note, now=now)
    _record_decision(by, locked, "risk.decline_lowering")
    return locked


def _due_after(lowering: Lowering) -> dict[str, Any]:
    """Return when she is assessed next at the lower level, unless something that happened since asks for it earlier."""
    days = current_protocol().risk.reassessment_days
    assessed_on = timezone.localdate(lowering.assessment.assessed_at)
    held = CurrentRisk.objects.select_for_update().get(participant=lowering.participant)
    if held.reassess_due_on < assessed_on + timedelta(days=days[held.level]):
        return {}
    due_on = assessed_on + timedelta(days=days[lowering.to_level])
    return {"reassess_due_on": due_on, "escalated_to": "", "escalated_at": None}


def _waiting(by: User, lowering: Lowering, now: datetime) -> Lowering:
    """Return a lowering that may be decided, its woman locked first, as an assessment locks her."""
    require(by, Permission.LOWER_RISK)
    if not is_within_reach(by, lowering.participant, now):
        raise ParticipantOutOfReach
    participant = (
        Participant.objects.select_for_update(of=("self",)).select_related("vault_key").get(pk=lowering.participant_id)
    )
    require_in_study(participant)
    locked = Lowering.objects.select_related("assessment").get(pk=lowering.pk)
    if locked.state != _State.WAITING:
        raise LoweringDecided
    locked.participant = participant
    return locked


def _decide(
    lowering: Lowering, state: str, reasons: list[str], *, by: User, reason: str, note: str, now: datetime
) -> None:
    if reason not in reasons or (reason == Lowering.OTHER and not note.strip()):
        raise LoweringNeedsReason
    lowering.state, lowering.reason, lowering.decided_by, lowering.decided_at = state, reason, by, now
    lowering.sealed_note = sealing.seal_text(lowering.participant, note, purpose=LOWERING_NOTE)
    lowering.save(update_fields=["state", "reason", "decided_by", "decided_at", "sealed_note"])


def _record_decision(by: User, lowering: Lowering, action: str) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=lowering.participant.study_code,
        details={
            "from": lowering.from_level,
            "to": lowering.to_level,
            "reason": lowering.reason,
            "own_form": lowering.assessment.assessed_by_id == lowering.decided_by_id,
        },
    )
