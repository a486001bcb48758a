"""Opening a sealed card: around a visit by those who care for her, or as an emergency that the safety officer sees."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.identity import Identity
from participants.models import AccessNotice, EmergencyOpening, Participant
from participants.reach import require_card_open, require_may_know
from participants.safe_contact import CardPurpose
from participants.services.notices import raise_notice
from participants.services.refusals import refusals_recorded
from protocol.queries import current_protocol

EMERGENCY_REASON = "emergency reason"
SHORTEST_REASON = 15


class ReasonTooShort(StudyError):
    """An emergency opening is looked at afterwards: its reason must be understood."""

    code = "reason_too_short"
    message = _("Write in a sentence why you need this card now.")


@refusals_recorded
@transaction.atomic
def open_safe_contact_card(*, by: User, participant: Participant, purpose: CardPurpose, now: datetime) -> Identity:
    """Open a woman's sealed card for a person who may see it now; each opening and each refusal is recorded.

    Raise as `require_card_open` or `sealing.open_card`.
    """
    emergency = require_card_open(by, participant, now)
    identity = sealing.open_card(participant)
    record(
        actor=by,
        action="participants.open_card",
        object_type="participant",
        object_id=participant.study_code,
        details={"purpose": CardPurpose.EMERGENCY, "emergency": emergency.pk} if emergency else {"purpose": purpose},
    )
    return identity


@refusals_recorded
@transaction.atomic
def open_in_emergency(
    *, by: User, participant: Participant, cause: EmergencyOpening.Cause, reason: str, now: datetime
) -> EmergencyOpening:
    """Let a person open a woman's card for the protocol's minutes, outside the rules; the safety officer is told.

    The reason is a sentence, sealed with the woman's key. Raise ReasonTooShort, or as `require_may_know` and
    `sealing.seal_text`.
    """
    require(by, Permission.OPEN_IN_EMERGENCY)
    require_may_know(by, participant, now)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    opening = EmergencyOpening.objects.create(
        participant=participant,
        opened_by=by,
        cause=cause,
        sealed_reason=sealing.seal_text(participant, reason, purpose=EMERGENCY_REASON),
        opened_at=now,
        expires_at=now + timedelta(minutes=current_protocol().cards.emergency_minutes),
    )
    raise_notice(AccessNotice.Kind.EMERGENCY, now=now, participant=participant, user=by, emergency=opening)
    record(
        actor=by,
        action="participants.open_in_emergency",
        object_type="participant",
        object_id=participant.study_code,
        reason=cause,
        details={"emergency": opening.pk},
    )
    return opening
