"""Officers who have to do with a woman or with the man she reported: declared, or found by sealed family and home."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries, sealing
from participants.identity import StaffIdentity
from participants.models import AccessNotice, Conflict, Participant, StaffCard
from participants.reach import require_reach
from participants.services.notices import raise_notice


class ConflictDeclaredAlready(StudyError):
    """Once is enough."""

    code = "conflict_declared_already"
    message = _("This is declared already.")
    http_status = 409


class ConflictNotInForce(StudyError):
    """It was lifted meanwhile."""

    code = "conflict_not_in_force"
    message = _("This was lifted already.")
    http_status = 409


class OfficerElsewhere(StudyError):
    """A supervisor keeps the cards of those who serve at her station. Worded as if there were nobody."""

    code = "not_found"
    message = _("Not found.")
    http_status = 404


@transaction.atomic
def declare_conflict(*, by: User, participant: Participant, now: datetime) -> Conflict:
    """Let an officer say that she knows her or the man she reported: the card closes to that officer at once.

    Raise ParticipantOutOfReach or ConflictDeclaredAlready.
    """
    require(by, Permission.OPEN_IDENTITY)
    require_reach(by, participant, now)
    try:
        with transaction.atomic():
            conflict = Conflict.objects.create(participant=participant, user=by, declared_at=now)
    except IntegrityError as error:
        raise ConflictDeclaredAlready from error
    raise_notice(AccessNotice.Kind.CONFLICT_DECLARED, now=now, participant=participant, user=by)
    _record(by, "participants.declare_conflict", conflict)
    return conflict


@transaction.atomic
def lift_conflict(*, by: User, conflict: Conflict, now: datetime) -> Conflict:
    """Take back what an officer declared by mistake; the safety officer decides. Raise ConflictNotInForce."""
    require(by, Permission.REVIEW_ACCESS)
    locked = Conflict.objects.select_for_update(of=("self",)).select_related("participant").get(pk=conflict.pk)
    if locked.lifted_at is not None:
        raise ConflictNotInForce
    locked.lifted_at, locked.lifted_by = now, by
    locked.save(update_fields=["lifted_at", "lifted_by"])
    _record(by, "participants.lift_conflict", locked)
    return locked


@transaction.atomic
def seal_staff_card(*, by: User, user: User, identity: StaffIdentity, now: datetime) -> StaffCard:
    """Keep, sealed, the surnames, document and home of somebody who serves at the supervisor's station.

    They are compared with hashes and shown to nobody; written again they replace what was there. Raise
    OfficerElsewhere.
    """
    require(by, Permission.KEEP_STAFF_CARDS)
    today = timezone.localdate(now)
    station = queries.serving_station(by, today)
    if station is None or queries.serving_station(user, today) != station:
        raise OfficerElsewhere
    key, ciphertext = sealing.sealed_staff_card(user.pk, identity)
    card, _made = StaffCard.objects.update_or_create(
        user=user,
        defaults={
            "master_key_id": key.master_key_id,
            "wrapped": key.data,
            "ciphertext": ciphertext,
            "sealed_at": now,
            "sealed_by": by,
        },
    )
    record(actor=by, action="participants.seal_staff_card", object_type="user", object_id=user.pk)
    return card


def _record(by: User, action: str, conflict: Conflict) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=conflict.participant.study_code,
        details={"conflict": conflict.pk, "user": conflict.user_id},
    )
