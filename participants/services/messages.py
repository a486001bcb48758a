"""Messages to women, as people write them: an approved text, for her next safe moment or by an exception for now."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from messaging.senders import Way
from participants import queries
from participants.models import ContactOverride, OutgoingMessage, Participant
from participants.notifying import request_sending
from participants.outgoing import TEXTS_OF, TO_LOOK_AT, MessageState, Purpose, Why, purpose_for
from participants.reach import (
    ConsentMissing,
    NotFollowedNow,
    ParticipantOutOfReach,
    require_no_tie,
    require_reach,
)
from participants.safe_contact import LIMA, Contact, is_safe
from participants.services.overrides import ChannelNotHers, WithinSafeTimes, override_contact
from participants.services.refusals import conflicts_reported
from protocol.queries import current_protocol

OUTSIDE_FOR = timedelta(hours=1)


class TextNotApproved(StudyError):
    """Only approved texts leave the study."""

    code = "text_not_approved"
    message = _("This text is not one of those that may be sent.")


class WayMissing(StudyError):
    """Her card holds nothing that a message of this kind could go to."""

    code = "way_missing"
    message = _("Her card has no number or address that works. Review the card with her.")
    http_status = 409


class NoSafeMoment(StudyError):
    """Her plan has no safe day."""

    code = "no_safe_moment"
    message = _("Her plan has no safe day for a message. Review it with her.")
    http_status = 409


class MessageWaiting(StudyError):
    """One at a time: a second would leave open which is meant."""

    code = "message_waiting"
    message = _("A message to her is waiting already.")
    http_status = 409


class OneMessageADay(StudyError):
    """A telephone that sounds twice is noticed."""

    code = "one_message_a_day"
    message = _("She has had a message today.")
    http_status = 409


class MessageLeft(StudyError):
    """What has left, or was ended, cannot be taken back."""

    code = "message_left"
    message = _("This message is not waiting any more.")
    http_status = 409


REFUSALS: dict[Why, type[StudyError]] = {
    Why.NOT_FOLLOWED: NotFollowedNow,
    Why.NO_CONSENT: ConsentMissing,
    Why.NOT_HER_CHANNEL: ChannelNotHers,
}


@conflicts_reported
@transaction.atomic
def queue_message(*, by: Actor, participant: Participant, text_code: str, way: Way, now: datetime) -> OutgoingMessage:
    """Let an approved text go to her at the next safe moment, which may be now.

    What it is about follows from who writes: the police about visits, her interviewer and the study itself about
    surveys. Raise ParticipantOutOfReach, ConflictOfInterest, NotFollowedNow, ConsentMissing, ChannelNotHers,
    TextNotApproved, WayMissing, NoSafeMoment or MessageWaiting.
    """
    require(by, Permission.WRITE_MESSAGES)
    locked, purpose = _writable(by, participant, text_code, way, now)
    moment = queries.message_moment(locked, now)
    if moment is None:
        raise NoSafeMoment
    expires_at = now + timedelta(days=current_protocol().messages.expire_days)
    message = _queued(
        by,
        now,
        participant=locked,
        purpose=purpose,
        text_code=text_code,
        way=way,
        not_before=moment,
        expires_at=expires_at,
    )
    _record(by, "participants.queue_message", message, text=text_code, way=way)
    return message


@conflicts_reported
@transaction.atomic
def queue_message_outside(
    *,
    by: User,
    participant: Participant,
    text_code: str,
    way: Way,
    reason: ContactOverride.Reason,
    sentence: str,
    now: datetime,
) -> OutgoingMessage:
    """Let an approved text go to her now, outside her safe times, by an exception for the coming hour.

    Raise OneMessageADay, or as `queue_message` and `override_contact`.
    """
    require(by, Permission.WRITE_MESSAGES)
    locked, purpose = _writable(by, participant, text_code, way, now)
    if is_safe(locked.safe_contact.times, now, Contact.MESSAGE):
        raise WithinSafeTimes
    if queries.had_message_on(locked, now):
        raise OneMessageADay
    local = now.astimezone(LIMA)
    ends = local + OUTSIDE_FOR
    window = (local.time().replace(second=0, microsecond=0), ends.time() if ends.date() == local.date() else time.max)
    override = override_contact(
        by=by,
        participant=locked,
        kind=Contact.MESSAGE,
        on=local.date(),
        window=window,
        reason=reason,
        sentence=sentence,
        now=now,
    )
    message = _queued(
        by,
        now,
        participant=locked,
        purpose=purpose,
        text_code=text_code,
        way=way,
        not_before=now,
        expires_at=datetime.combine(local.date(), window[1], LIMA),
        contact_override=override,
    )
    _record(by, "participants.queue_message_outside", message, text=text_code, way=way, override=override.pk)
    return message


@transaction.atomic
def cancel_message(*, by: User, message: OutgoingMessage, now: datetime) -> OutgoingMessage:
    """Take back a message that still waits. Raise ParticipantOutOfReach or MessageLeft."""
    require(by, Permission.WRITE_MESSAGES)
    locked = _of_hers(by, message, now)
    if locked.state != MessageState.QUEUED:
        raise MessageLeft
    end_message(locked, MessageState.CANCELLED, Why.BY_HAND, now)
    _record(by, "participants.cancel_message", locked)
    return locked


@transaction.atomic
def look_at_message(*, by: User, message: OutgoingMessage, now: datetime) -> OutgoingMessage:
    """Note that a person has seen a message that did not leave, or perhaps did; it is never sent again.

    Raise ParticipantOutOfReach or MessageLeft.
    """
    require(by, Permission.WRITE_MESSAGES)
    locked = _of_hers(by, message, now)
    if locked.state not in TO_LOOK_AT:
        raise MessageLeft
    if locked.seen_at is None:
        locked.seen_by, locked.seen_at = by, now
        locked.save(update_fields=["seen_by", "seen_at"])
    _record(by, "participants.look_at_message", locked)
    return locked


def end_message(message: OutgoingMessage, state: MessageState, why: Why, now: datetime) -> None:
    """Give a message that waited its end; within the caller's transaction and lock."""
    message.state, message.why, message.state_changed_at = state, why, now
    message.save(update_fields=["state", "why", "state_changed_at"])


def fit_messages(participant: Participant, now: datetime) -> int:
    """Fit the messages that wait to what holds for her now; return how many were taken back.

    Within the caller's transaction and lock on her row: whoever changes her status, consent or plan calls it.
    """
    ended = 0
    for message in OutgoingMessage.objects.select_for_update().filter(
        participant=participant, state=MessageState.QUEUED
    ):
        why = queries.what_forbids(participant, message.purpose, now)
        moment = now if message.contact_override_id else queries.message_moment(participant, now)
        if why is None and (moment is None or moment >= message.expires_at):
            why = Why.NO_SAFE_MOMENT
        if why is not None:
            end_message(message, MessageState.CANCELLED, why, now)
            ended += 1
        elif moment is not None and not message.contact_override_id:
            message.not_before = max(moment, message.not_before) if message.attempts else moment
            message.save(update_fields=["not_before"])
    return ended


def _writable(
    by: Actor, participant: Participant, text_code: str, way: Way, now: datetime
) -> tuple[Participant, Purpose]:
    """Return her locked row and what the message is about, if this text may be written to her in this way."""
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_reach(by, locked, now)
    require_no_tie(by, locked)
    purpose = purpose_for(by.role, locked.status)
    if why := queries.what_forbids(locked, purpose, now):
        raise REFUSALS[why]
    if text_code not in TEXTS_OF[purpose]:
        raise TextNotApproved
    if way not in queries.message_ways(locked):
        raise WayMissing
    return locked, purpose


def _queued(by: Actor, now: datetime, **fields: Any) -> OutgoingMessage:
    """Write a message that waits, and have it sent at once if its moment has come. Raise MessageWaiting."""
    try:
        with transaction.atomic():
            message = OutgoingMessage.objects.create(
                queued_by=person_of(by), queued_at=now, state_changed_at=now, **fields
            )
    except IntegrityError as error:
        raise MessageWaiting from error
    if message.not_before <= now:
        request_sending(message.pk)
    return message


def _of_hers(by: User, message: OutgoingMessage, now: datetime) -> OutgoingMessage:
    """Return the message under a lock, the woman's row first, if the person cares for her and writes about this."""
    woman = Participant.objects.select_for_update(no_key=True).get(pk=message.participant_id)
    require_reach(by, woman, now)
    if not queries.purpose_is_visible(by, message.purpose):
        raise ParticipantOutOfReach
    return OutgoingMessage.objects.select_for_update(of=("self",)).select_related("participant").get(pk=message.pk)


def _record(by: Actor, action: str, message: OutgoingMessage, **details: object) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=message.participant.study_code,
        details={"message": message.pk, **details},
    )
