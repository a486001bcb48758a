"""What the participants' room does by itself, safe to run twice."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.sweeping import each_by_itself
from accounts.tasks import study_task
from messaging.senders import SendingFailed, SendingUncertain, Way, sender_for
from messaging.texts import message_text
from participants import queries, services
from participants.models import Participant

SWEEPER = SystemActor("intake sweeper", frozenset({Permission.KEEP_VAULT}))
WATCHER = SystemActor("access watcher", frozenset({Permission.WATCH_ACCESS}))
RETURNER = SystemActor("end of pauses", frozenset({Permission.CHANGE_PARTICIPANT_STATUS}))
NOTIFIER = SystemActor("notifier", frozenset({Permission.SEND_MESSAGES}))
MESSENGER = SystemActor("messenger", frozenset({Permission.SEND_MESSAGES}))
logger = logging.getLogger(__name__)


@study_task("participants.drop_expired_imports")
def drop_expired_imports() -> None:
    services.drop_expired_imports(by=SWEEPER, now=timezone.now())


@study_task("participants.forget_reports")
def forget_reports() -> None:
    services.forget_reports(by=SWEEPER, now=timezone.now())


@study_task("participants.watch_access")
def watch_access() -> None:
    services.watch_access(by=WATCHER, now=timezone.now())


@study_task("participants.send_notices")
def send_notices() -> None:
    waiting = queries.notices_unsent()
    told = tell_addresses(by=NOTIFIER, listing="access", notice_ids=waiting, addresses=settings.SAFETY_NOTICES_TO)
    if told:
        services.mark_notices_sent(by=NOTIFIER, notice_ids=told, now=timezone.now())


def tell_addresses(*, by: SystemActor, listing: str, notice_ids: Sequence[int], addresses: Sequence[str]) -> list[int]:
    """Send the one neutral text to each address that has not heard of all these notices; return those all heard of.

    Whoever could not be told is tried again at the next sweep, alone. What may have left counts as told.
    """
    text, missed = message_text("staff_notice", settings.LANGUAGE_CODE), set[int]()
    for address in addresses:
        untold = queries.notices_untold(listing, notice_ids, address)
        if untold and _left(address, text):
            services.note_told(by=by, listing=listing, notice_ids=untold, address=address, now=timezone.now())
        else:
            missed.update(untold)
    return [notice for notice in notice_ids if notice not in missed] if addresses else []


def _left(address: str, text: str) -> bool:
    """Send a text to somebody of the staff; say whether it left, or may have."""
    way = Way.EMAIL if "@" in address else Way.SMS
    try:
        sender_for(way).send(address, text)
    except SendingUncertain as error:
        logger.warning("a notice may have left by %s: %s", way, error)
    except SendingFailed as error:
        logger.warning("a notice did not leave by %s: %s", way, error)
        return False
    return True


@study_task("participants.return_from_pauses")
def return_from_pauses() -> None:
    women = queries.participants_to_return(timezone.localdate())
    each_by_itself(women, _return_from_pause, job="participants.return_from_pauses", key=lambda woman: woman.pk)


@study_task("participants.send_messages")
def send_messages() -> None:
    services.sweep_messages(by=MESSENGER, now=timezone.now())
    due = queries.messages_due(timezone.now())
    each_by_itself(due, _send_message, job="participants.send_messages", key=lambda message_id: message_id)


@study_task("participants.send_message")
def send_message(*, message_id: int) -> None:
    envelope = services.claim_message(by=MESSENGER, message_id=message_id, now=timezone.now())
    if envelope is None:
        return
    settle = services.settle_sent
    try:
        sender_for(envelope.way).send(envelope.address, envelope.text)
    except SendingUncertain as error:
        logger.warning("message %s may have left by %s: %s", message_id, envelope.way, error)
        settle = services.settle_uncertain
    except SendingFailed as error:
        logger.warning("message %s did not leave by %s: %s", message_id, envelope.way, error)
        settle = services.settle_failed
    settle(by=MESSENGER, message_id=message_id, now=timezone.now())


def _return_from_pause(participant: Participant) -> None:
    try:
        services.return_from_pause(by=RETURNER, participant=participant, now=timezone.now())
    except (services.NotPaused, services.PauseNotOver):
        # A person decided otherwise since the sweep began: that stands.
        return


def _send_message(message_id: int) -> None:
    send_message(message_id=message_id)
