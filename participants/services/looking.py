"""Seeing who looked at a woman's record; that, too, is kept on record."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from participants import queries
from participants.models import Participant
from participants.reach import ConflictOfInterest, require_reach


@transaction.atomic
def see_who_looked(*, by: User, participant: Participant, page: int, now: datetime) -> None:
    """Let the safety officer, or the supervisor of her station, see a page of who looked.

    Also when she has left: what was done with her record stays hers to know. Raise ParticipantOutOfReach or
    ConflictOfInterest.
    """
    _record(by, "participants.see_who_looked", participant, {"page": page}, now)


@transaction.atomic
def print_who_looked(*, by: User, participant: Participant, acts: int, now: datetime) -> None:
    """Keep on record that the list was printed for her, with how many acts. Raise as `see_who_looked`."""
    _record(by, "participants.print_who_looked", participant, {"acts": acts}, now)


def _record(by: User, action: str, participant: Participant, details: dict[str, int], now: datetime) -> None:
    require(by, Permission.SEE_WHO_LOOKED)
    if by.role != Role.SAFETY_OFFICER:
        require_reach(by, participant, now)
    if queries.has_conflict(by, participant):
        raise ConflictOfInterest
    record(actor=by, action=action, object_type="participant", object_id=participant.study_code, details=details)
