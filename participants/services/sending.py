"""Messages to women on their way: claimed by one worker, checked once more, sent at most once.

The claim is committed before anything leaves, and what came of it is written afterwards. A worker that dies in between
leaves a message that may have left: a person looks at it, and nothing sends it again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from messaging.senders import Way
from messaging.texts import message_text
from participants import queries, sealing
from participants.models import OutgoingMessage, Participant
from participants.outgoing import MessageState, Why, address_for, retry_at
from participants.safe_contact import LIMA, CardPurpose, Contact, is_safe
from participants.services.messages import end_message
from protocol.queries import current_protocol


@dataclass(frozen=True, slots=True)
class Envelope:
    """A claimed message as it leaves: only in the memory of the worker that sends it, and in no repr."""

    message_id: int
    way: Way
    address: str = field(repr=False)
    text: str = field(repr=False)


@transaction.atomic
def claim_message(*, by: Actor, message_id: int, now: datetime) -> Envelope | None:
    """Take one due message for sending and open where it goes; None when it is not to be sent now.

    All is asked again, whatever was so when it was written: her status, her consent, the channel, her safe times, one
    message a day. What may not go any more is ended with the reason; what may not go now waits for its next moment.
    """
    require(by, Permission.SEND_MESSAGES)
    waiting = OutgoingMessage.objects.filter(pk=message_id, state=MessageState.QUEUED, not_before__lte=now)
    woman_id = waiting.values_list("participant", flat=True).first()
    if woman_id is None:
        return None
    woman = Participant.objects.select_for_update(no_key=True).get(pk=woman_id)
    # Whoever waited for the lock finds here what the first has done.
    message = waiting.select_for_update(of=("self",)).select_related("contact_override").first()
    if message is None or not _may_go_now(message, woman, now):
        _record(by, woman, message_id)
        return None
    address = _opened_address(by, message, woman)
    if address is None:
        end_message(message, MessageState.FAILED, Why.NO_ADDRESS, now)
        _record(by, woman, message_id)
        return None
    _take(message, now)
    _record(by, woman, message_id)
    return Envelope(message.pk, Way(message.way), address, message_text(message.text_code, woman.safe_contact.language))


@transaction.atomic
def settle_sent(*, by: Actor, message_id: int, now: datetime) -> bool:
    """Note that a claimed message left; say whether it was still this worker's."""
    require(by, Permission.SEND_MESSAGES)
    settled = _leaving(message_id).update(state=MessageState.SENT, state_changed_at=now)
    _record_settled(by, message_id)
    return bool(settled)


@transaction.atomic
def settle_uncertain(*, by: Actor, message_id: int, now: datetime) -> bool:
    """Note that a claimed message may have left; it is never sent again. Say whether it was still this worker's."""
    require(by, Permission.SEND_MESSAGES)
    unsure = {"state": MessageState.UNKNOWN, "why": Why.NO_ANSWER, "state_changed_at": now}
    settled = _leaving(message_id).update(**unsure)
    _record_settled(by, message_id)
    return bool(settled)


@transaction.atomic
def settle_failed(*, by: Actor, message_id: int, now: datetime) -> bool:
    """Note that a claimed message did not leave: it waits for another safe moment, or has failed after too many.

    Say whether it was still this worker's.
    """
    require(by, Permission.SEND_MESSAGES)
    message = _leaving(message_id).select_for_update(of=("self",)).select_related("participant").first()
    if message is not None:
        message.claimed_on, message.state = None, MessageState.QUEUED
        message.save(update_fields=["claimed_on", "state"])
        again = retry_at(message.attempts, now, current_protocol().messages)
        if again is None:
            end_message(message, MessageState.FAILED, Why.REFUSED, now)
        else:
            _wait(message, message.participant, again, now)
    _record_settled(by, message_id)
    return message is not None


@transaction.atomic
def sweep_messages(*, by: Actor, now: datetime) -> int:
    """Mark every sending that broke off as perhaps sent, for a person to look at; return how many."""
    require(by, Permission.SEND_MESSAGES)
    since = now - timedelta(minutes=current_protocol().messages.broken_off_minutes)
    broken_off = OutgoingMessage.objects.filter(state=MessageState.SENDING, claimed_at__lte=since)
    found = broken_off.update(state=MessageState.UNKNOWN, why=Why.BROKEN_OFF, state_changed_at=now)
    if found:
        record(actor=by, action="participants.sweep_messages", object_type="message", details={"broken_off": found})
    return found


def _may_go_now(message: OutgoingMessage, woman: Participant, now: datetime) -> bool:
    """Say whether a message may leave at this moment; end it, or let it wait, where not."""
    if why := queries.what_forbids(woman, message.purpose, now):
        end_message(message, MessageState.CANCELLED, why, now)
        return False
    override, local = message.contact_override, now.astimezone(LIMA)
    if override is not None:
        is_allowed = override.on == local.date() and override.window_from <= local.time() < override.window_until
    else:
        is_allowed = is_safe(woman.safe_contact.times, now, Contact.MESSAGE)
    if is_allowed and now < message.expires_at and not queries.had_message_on(woman, now):
        return True
    _wait(message, woman, now, now)
    return False


def _wait(message: OutgoingMessage, woman: Participant, at: datetime, now: datetime) -> None:
    """Let a message wait for the next safe moment from `at` on; it ends when none comes in time."""
    moment = at if message.contact_override_id else queries.message_moment(woman, at)
    if moment is None or moment >= message.expires_at or (message.contact_override_id and moment <= now):
        end_message(message, MessageState.EXPIRED, Why.NO_SAFE_MOMENT, now)
    else:
        message.not_before = moment
        message.save(update_fields=["not_before"])


def _take(message: OutgoingMessage, now: datetime) -> None:
    message.state, message.state_changed_at = MessageState.SENDING, now
    message.claimed_at, message.claimed_on = now, now.astimezone(LIMA).date()
    message.attempts += 1
    message.save(update_fields=["state", "state_changed_at", "claimed_at", "claimed_on", "attempts"])


def _opened_address(by: Actor, message: OutgoingMessage, woman: Participant) -> str | None:
    """Open her card for the address alone, on record; None when it has none that works, or does not open."""
    record(
        actor=by,
        action="participants.open_card",
        object_type="participant",
        object_id=woman.study_code,
        details={"purpose": CardPurpose.MESSAGE, "message": message.pk},
    )
    try:
        return address_for(sealing.open_card(woman), Way(message.way))
    except (sealing.IdentityErased, sealing.SealedDataUnreadable):
        return None


def _leaving(message_id: int) -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(pk=message_id, state=MessageState.SENDING)


def _record(by: Actor, woman: Participant, message_id: int) -> None:
    state = OutgoingMessage.objects.values_list("state", flat=True).get(pk=message_id)
    record(
        actor=by,
        action="participants.claim_message",
        object_type="participant",
        object_id=woman.study_code,
        details={"message": message_id, "state": state},
    )


def _record_settled(by: Actor, message_id: int) -> None:
    message = OutgoingMessage.objects.select_related("participant").get(pk=message_id)
    record(
        actor=by,
        action="participants.settle_message",
        object_type="participant",
        object_id=message.participant.study_code,
        details={"message": message_id, "state": message.state},
    )
