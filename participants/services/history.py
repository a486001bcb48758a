"""The history of her status, written by whatever changes it, within its transaction."""

from datetime import date, datetime

from accounts.actors import Actor
from accounts.queries import person_of
from participants.models import Participant, StatusChange


def keep_change(
    participant: Participant, *, before: str, reason: str, author: Actor, now: datetime, return_on: date | None = None
) -> StatusChange:
    """Keep that her status is what it is now; `before` is "" at enrolment, `return_on` the day a pause may end."""
    return StatusChange.objects.create(
        participant=participant,
        from_status=before,
        to_status=participant.status,
        reason=reason,
        at=now,
        by=person_of(author),
        expected_return_on=return_on,
    )
