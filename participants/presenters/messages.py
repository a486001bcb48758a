"""What the page of a woman's messages shows: what may be written to her, when it goes, what became of others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from accounts.errors import StudyError
from accounts.models import User
from messaging.senders import Way
from messaging.texts import message_text
from participants import queries, services
from participants.models import OutgoingMessage, Participant
from participants.outgoing import TO_LOOK_AT, WAY_LABELS, MessageState, Purpose, purpose_for
from participants.safe_contact import Contact, is_safe
from participants.sealing import IdentityErased, SealedDataUnreadable
from participants.services.messages import REFUSALS

KINDS = {
    MessageState.QUEUED: "info",
    MessageState.SENDING: "info",
    MessageState.SENT: "good",
    MessageState.FAILED: "bad",
    MessageState.CANCELLED: "neutral",
    MessageState.EXPIRED: "warn",
    MessageState.UNKNOWN: "warn",
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message in the reader's words."""

    message: OutgoingMessage
    kind: str
    text: str
    way: str

    @property
    def is_waiting(self) -> bool:
        """Say whether it can be taken back."""
        return self.message.state == MessageState.QUEUED

    @property
    def wants_a_look(self) -> bool:
        """Say whether somebody should look at what became of it."""
        return self.message.state in TO_LOOK_AT and self.message.seen_at is None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether a person may write to her now: in which ways, when it would go; or why not."""

    purpose: Purpose
    ways: tuple[Way, ...] = ()
    goes_at: datetime | None = None
    is_safe_now: bool = False
    goes_now: bool = False
    refusal: str = ""

    @property
    def may_go_outside(self) -> bool:
        """Say whether only an exception would let it go at once."""
        return not self.refusal and not self.is_safe_now


def message_rows(messages: Iterable[OutgoingMessage]) -> list[MessageRow]:
    """Return messages in the order given, their texts in the reader's language."""
    language = get_language() or "es"
    return [
        MessageRow(
            message,
            KINDS[MessageState(message.state)],
            message_text(message.text_code, language),
            str(WAY_LABELS[Way(message.way)]),
        )
        for message in messages
    ]


def outlook(user: User, participant: Participant, now: datetime) -> Outlook:
    """Return what a person may write to a woman at a moment."""
    purpose = purpose_for(user.role, participant.status)
    if why := queries.what_forbids(participant, purpose, now):
        return Outlook(purpose, refusal=str(REFUSALS[why].message))
    try:
        ways = queries.message_ways(participant)
    except (IdentityErased, SealedDataUnreadable) as error:
        return Outlook(purpose, refusal=str(error))
    goes_at = queries.message_moment(participant, now)
    if refusal := _refusal(ways, goes_at):
        return Outlook(purpose, refusal=str(refusal.message))
    is_safe_now = is_safe(participant.safe_contact.times, now, Contact.MESSAGE)
    return Outlook(purpose, ways, goes_at, is_safe_now, goes_now=goes_at is not None and goes_at <= now)


def _refusal(ways: tuple[Way, ...], goes_at: datetime | None) -> type[StudyError] | None:
    if not ways:
        return services.WayMissing
    return services.NoSafeMoment if goes_at is None else None
