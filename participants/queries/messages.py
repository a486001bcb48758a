"""What pages, services and the sweep read about messages to women."""

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from messaging.senders import Way
from participants import sealing
from participants.models import OutgoingMessage, Participant
from participants.outgoing import (
    FEATURE_OF,
    MAY_HAVE_LEFT,
    STATUS_OF,
    TO_LOOK_AT,
    MessageState,
    Purpose,
    Why,
    address_for,
    purposes_of,
)
from participants.queries.consents import has_consent
from participants.safe_contact import LIMA, Contact, allows_channel, next_safe_moment


def what_forbids(participant: Participant, purpose: str, now: datetime) -> Why | None:
    """Return why she gets no message about this at all, whatever the hour; None when she may."""
    if participant.status != STATUS_OF[purpose]:
        return Why.NOT_FOLLOWED
    if not has_consent(participant, FEATURE_OF[purpose], timezone.localdate(now)):
        return Why.NO_CONSENT
    if not allows_channel(participant.safe_contact.times, Contact.MESSAGE):
        return Why.NOT_HER_CHANNEL
    return None


def message_ways(participant: Participant) -> tuple[Way, ...]:
    """Return the ways for which her card has an address that works. The card is shown to nobody.

    Raise sealing.IdentityErased or sealing.SealedDataUnreadable.
    """
    identity = sealing.open_card(participant)
    return tuple(way for way in (Way.SMS, Way.EMAIL) if address_for(identity, way))


def had_message_on(participant: Participant, now: datetime) -> bool:
    """Say whether a message to her has left, or may have, on this day of Lima."""
    left = OutgoingMessage.objects.filter(participant=participant, state__in=MAY_HAVE_LEFT)
    return left.filter(claimed_on=now.astimezone(LIMA).date()).exists()


def message_moment(participant: Participant, at: datetime) -> datetime | None:
    """Return the first moment from `at` on that is safe for a message to her, on a day on which she had none.

    None without a safe moment.
    """
    if had_message_on(participant, at):
        tomorrow = at.astimezone(LIMA).date() + timedelta(days=1)
        at = datetime.combine(tomorrow, time(), LIMA)
    return next_safe_moment(participant.safe_contact.times, at, Contact.MESSAGE)


def messages_of(user: User, participant: Participant) -> QuerySet[OutgoingMessage]:
    """Return the messages to a woman that a person may see, the newest first: each knows of her own side's only."""
    rows = OutgoingMessage.objects.filter(participant=participant, purpose__in=purposes_of(user.role))
    return rows.select_related("queued_by").order_by("-queued_at", "-pk")


def messages_to_look_at(user: User) -> QuerySet[OutgoingMessage]:
    """Return the messages in a person's care that did not leave or perhaps did, and nobody has looked at yet."""
    rows = OutgoingMessage.objects.filter(participant__in=Participant.objects.visible_to(user), seen_at=None)
    unsure = rows.filter(state__in=TO_LOOK_AT, purpose__in=purposes_of(user.role))
    return unsure.select_related("participant").order_by("state_changed_at", "pk")


def messages_due(now: datetime) -> list[int]:
    """Return the ids of the messages whose moment has come, by moment."""
    due = OutgoingMessage.objects.filter(state=MessageState.QUEUED, not_before__lte=now)
    return list(due.order_by("not_before", "pk").values_list("pk", flat=True))


def purpose_is_visible(user: User, purpose: str) -> bool:
    """Say whether a person writes and sees messages about this."""
    return Purpose(purpose) in purposes_of(user.role)
