"""Refusals that stay on record: the service's own transaction is rolled back by then."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from accounts.models import User
from audit.services import record
from participants.models import AccessNotice, Participant
from participants.reach import CardNotDue, ConflictOfInterest
from participants.services.notices import raise_notice

Words = ParamSpec("Words")
Answer = TypeVar("Answer")
_ACT = "participants.refuse_act"
# By which word a service is given what it is about, where that is not the woman herself but has her.
_NAMED = (
    "transfer", "request", "signature", "entry", "referral", "case", "back_check", "conflict", "lowering", "visit",
    "change",
)  # fmt: skip


def refusals_recorded(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Keep on record that a card was refused to somebody, and tell the safety officer of a conflict."""
    return _recording(service, "participants.refuse_card")


def conflicts_reported(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Keep on record, and tell the safety officer, that whoever has to do with her case wanted to act for her."""
    return _recording(service, _ACT)


def _recording(service: Callable[Words, Answer], action: str) -> Callable[Words, Answer]:
    @wraps(service)
    def recording(*args: Words.args, **words: Words.kwargs) -> Answer:
        try:
            return service(*args, **words)
        except (CardNotDue, ConflictOfInterest) as refusal:
            asked: dict[str, Any] = dict(words)
            participant = asked.get("participant") or _named(asked).participant
            record_refusal(refusal=refusal, by=asked["by"], participant=participant, now=asked["now"], action=action)
            raise

    return recording


def _named(words: dict[str, Any]) -> Any:
    """Return what a service was asked about, where that is not the woman herself."""
    return next(words[name] for name in _NAMED if name in words)


@transaction.atomic
def record_refusal(
    *,
    refusal: CardNotDue | ConflictOfInterest,
    by: User,
    participant: Participant,
    now: datetime,
    action: str = _ACT,
) -> None:
    """Keep a refusal on record. For a batch that goes on after one: what its part wrote of it is rolled back."""
    if isinstance(refusal, ConflictOfInterest):
        raise_notice(AccessNotice.Kind.CONFLICT_REFUSED, now=now, participant=participant, user=by)
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=participant.study_code,
        details={"refusal": refusal.code},
    )
