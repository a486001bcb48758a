"""Messages to a woman: about what, in which words, when, and what may become of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import POLICE_ROLES
from messaging.numbers import sms_number
from messaging.senders import Way
from participants.consent_scopes import Feature
from participants.identity import Identity


class MessageState(TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Leaving")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    CANCELLED = "cancelled", _("Taken back")
    EXPIRED = "expired", _("Not sent in time")
    UNKNOWN = "unknown", _("Perhaps sent")


# A message that may have left is never sent again: in a home with violence a second one tells more than the first.
TRANSITIONS: dict[str, frozenset[str]] = {
    "queued": frozenset({"sending", "failed", "cancelled", "expired"}),
    "sending": frozenset({"sent", "queued", "failed", "unknown"}),
    "sent": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "unknown": frozenset(),
}
# Those of a day in these states are the one message that she may get on it.
MAY_HAVE_LEFT = frozenset({MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN})
TO_LOOK_AT = frozenset({MessageState.FAILED, MessageState.EXPIRED, MessageState.UNKNOWN})


class Purpose(TextChoices):
    """What a message is about; its words do not say so."""

    VISITS = "visits", _("About the visits")
    SURVEYS = "surveys", _("About the surveys")
    AFTER_STUDY = "after_study", _("After the study")


WAY_LABELS = {Way.SMS: _("By SMS"), Way.EMAIL: _("By e-mail")}
FEATURE_OF: Mapping[str, Feature] = {
    Purpose.VISITS: Feature.MESSAGE_ABOUT_VISITS,
    Purpose.SURVEYS: Feature.MESSAGE_ABOUT_SURVEYS,
    Purpose.AFTER_STUDY: Feature.MESSAGE_AFTER_STUDY,
}
STATUS_OF: Mapping[str, str] = {
    Purpose.VISITS: "enrolled",
    Purpose.SURVEYS: "enrolled",
    Purpose.AFTER_STUDY: "completed",
}
# The approved texts, by what they are about; there is no free text.
TEXTS_OF: Mapping[str, tuple[str, ...]] = {
    Purpose.VISITS: ("see_you", "call_me", "when_suits"),
    Purpose.SURVEYS: ("see_you", "call_me", "when_suits"),
    Purpose.AFTER_STUDY: ("call_me", "when_suits"),
}


class Why(TextChoices):
    """Why a message was not sent, or why nobody knows."""

    BY_HAND = "by_hand", _("Somebody took it back")
    NOT_FOLLOWED = "not_followed", _("She is not being followed now")
    NO_CONSENT = "no_consent", _("She no longer agrees to it")
    NOT_HER_CHANNEL = "not_her_channel", _("She does not want messages")
    NO_ADDRESS = "no_address", _("Her card has no number or address that works")
    REFUSED = "refused", _("The service did not take it")
    NO_ANSWER = "no_answer", _("The service did not answer: it may have left")
    BROKEN_OFF = "broken_off", _("The sending broke off: it may have left")
    OTHER_STATION = "other_station", _("Another station cares for her")
    NO_SAFE_MOMENT = "no_safe_moment", _("No safe moment came in time")


class RetryRules(Protocol):
    """How often a message that did not leave is tried again (`protocol.schema.Messages`)."""

    @property
    def attempts(self) -> int: ...

    @property
    def retry_minutes(self) -> int: ...


def retry_at(attempts: int, at: datetime, rules: RetryRules) -> datetime | None:
    """Return when to try again after so many attempts that failed, each pause twice the last; None when it is over."""
    if attempts >= rules.attempts:
        return None
    return at + timedelta(minutes=rules.retry_minutes * 2 ** (attempts - 1))


def may_become(state: str, following: str) -> bool:
    """Say whether a message in the first state may get the second."""
    return following in TRANSITIONS[state]


def purposes_of(role: str) -> tuple[Purpose, ...]:
    """Return what the messages are about that a role writes and sees; the study itself writes about surveys."""
    if role in POLICE_ROLES:
        return (Purpose.VISITS,)
    return (Purpose.SURVEYS, Purpose.AFTER_STUDY)


def purpose_for(role: str, status: str) -> Purpose:
    """Return what a role may write about to a woman of this status."""
    purposes = purposes_of(role)
    return next((purpose for purpose in purposes if STATUS_OF[purpose] == status), purposes[0])


def address_for(identity: Identity, way: Way) -> str | None:
    """Return where a message to her goes, in the form that the sender takes; None where nothing that works is known."""
    return sms_number(identity.telephone) if way == Way.SMS else identity.email.strip() or None
