"""What of this room follows her part: her messages, a transfer that is being decided, what was allowed for her."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.roles import POLICE_ROLES
from audit.services import record
from participants.followers import PartChange
from participants.models import ContactOverride, OutgoingMessage, Participant
from participants.outgoing import MessageState, Purpose, Why
from participants.services.messages import end_message, fit_messages
from participants.services.transfers import TRANSFERRED, call_off_for_status
from participants.status import ENDED


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Take back the messages that wait for a woman who gets none now, and a transfer of one who cannot go over.

    What the police of her old station wrote or allowed ends with a transfer; every exception when she leaves.
    """
    woman, now = change.participant, change.now
    went_over = change.reason == TRANSFERRED
    ended = _end_messages_of_old_station(woman, now) if went_over else 0
    ended += fit_messages(woman, now)
    called_off = call_off_for_status(by=by, participant=woman, reason=change.reason, now=now)
    record(
        actor=by,
        action="participants.follow",
        object_type="participant",
        object_id=woman.study_code,
        reason=change.reason,
        details={
            "messages": ended,
            "exceptions": _end_exceptions(woman, now, went_over=went_over),
            "transfers": called_off,
        },
    )


def _end_messages_of_old_station(woman: Participant, now: datetime) -> int:
    waiting = OutgoingMessage.objects.select_for_update().filter(
        participant=woman, state=MessageState.QUEUED, purpose=Purpose.VISITS
    )
    messages = list(waiting)
    for message in messages:
        end_message(message, MessageState.CANCELLED, Why.OTHER_STATION, now)
    return len(messages)


def _end_exceptions(woman: Participant, now: datetime, *, went_over: bool) -> int:
    """End the exceptions from today on that stand for nobody any more; her interviewer's outlast a transfer."""
    if woman.status in ENDED:
        of_whom = Q()
    elif went_over:
        of_whom = Q(overridden_by__role__in=POLICE_ROLES)
    else:
        return 0
    standing = ContactOverride.objects.filter(
        of_whom, participant=woman, ended_at=None, on__gte=timezone.localdate(now)
    )
    return standing.update(ended_at=now)
