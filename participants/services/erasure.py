"""Destroying data keys: one woman's, or everybody's at the end of the study. Two people each time."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from participants.models import Erasure, LookupHash, Participant, ReportBox, SafeContactPlan, StagedImport, VaultKey
from participants.reach import require_reach
from participants.services.report_keys import destroy_boxes
from participants.status import ENDED

FOLLOWED = (Participant.Status.ENROLLED, Participant.Status.PAUSED)


class StillTakesPart(StudyError):
    """Who is still visited must be reachable."""

    code = "still_takes_part"
    message = _("She still takes part: withdraw her first.")
    http_status = 409


class StudyStillRunning(StudyError):
    """Nobody's identity is destroyed with all the others while she is followed."""

    code = "study_still_running"
    message = _("There are women still taking part: complete or withdraw them first.")
    http_status = 409


class ErasureAskedAlready(StudyError):
    """One open request is enough."""

    code = "erasure_asked_already"
    message = _("This was asked for already.")
    http_status = 409


class ErasedAlready(StudyError):
    """There is nothing left to erase."""

    code = "erased_already"
    message = _("Her personal data were erased before.")
    http_status = 409


class SecondPersonNeeded(StudyError):
    """Whoever asks does not confirm."""

    code = "second_person_needed"
    message = _("You asked for this yourself: somebody else must confirm.")
    http_status = 409


class ErasureNotOpen(StudyError):
    """It was confirmed, done or taken back meanwhile."""

    code = "erasure_not_open"
    message = _("This request is not open any more.")
    http_status = 409


@transaction.atomic
def request_erasure(*, by: User, participant: Participant, reason: Erasure.Reason, now: datetime) -> Erasure:
    """Ask for the destruction of a woman's data key; an administrator who is somebody else confirms.

    A supervisor asks for the women of her station. Raise ParticipantOutOfReach, StillTakesPart, ErasedAlready or
    ErasureAskedAlready.
    """
    require(by, Permission.REQUEST_ERASURE)
    if by.role != Role.ADMINISTRATOR:
        require_reach(by, participant, now)
    locked = _erasable(participant)
    return _asked(by, locked, reason, now)


@transaction.atomic
def request_destruction(*, by: User, now: datetime) -> Erasure:
    """Ask for the destruction of every data key at the end of the study; a second administrator confirms.

    Raise StudyStillRunning or ErasureAskedAlready.
    """
    require(by, Permission.CONFIRM_ERASURE)
    _require_study_over()
    return _asked(by, None, Erasure.Reason.STUDY_OVER, now)


@transaction.atomic
def confirm_erasure(*, by: User, erasure: Erasure, now: datetime) -> Erasure:
    """Confirm what somebody else asked for. One woman is erased at once; `destroy_vault` erases all.

    Raise SecondPersonNeeded, ErasureNotOpen, StillTakesPart or StudyStillRunning.
    """
    require(by, Permission.CONFIRM_ERASURE)
    locked = _open(erasure)
    if locked.requested_by_id == by.pk:
        raise SecondPersonNeeded
    if locked.confirmed_at is not None:
        raise ErasureNotOpen
    locked.confirmed_by, locked.confirmed_at = by, now
    if locked.participant is None:
        _require_study_over()
    else:
        _erase(by, _erasable(locked.participant), locked.reason, now)
        locked.done_at, locked.women_erased = now, 1
    locked.save(update_fields=["confirmed_by", "confirmed_at", "done_at", "women_erased"])
    _record(by, "participants.confirm_erasure", locked)
    return locked


@transaction.atomic
def cancel_erasure(*, by: User, erasure: Erasure, now: datetime) -> Erasure:
    """Take back a request that was not carried out; any administrator may. Raise ErasureNotOpen."""
    require(by, Permission.CONFIRM_ERASURE)
    locked = _open(erasure)
    if locked.women_erased:
        raise ErasureNotOpen
    locked.cancelled_by, locked.cancelled_at = by, now
    locked.save(update_fields=["cancelled_by", "cancelled_at"])
    _record(by, "participants.cancel_erasure", locked)
    return locked


@transaction.atomic
def destroy_keys(*, by: Actor, erasure: Erasure, participant_ids: Collection[int], now: datetime) -> int:
    """Destroy the data keys of these women, as two administrators wanted; return how many had one.

    Safe to run again. Raise ErasureNotOpen or StudyStillRunning.
    """
    require(by, Permission.KEEP_VAULT)
    locked = _confirmed_destruction(erasure)
    women = Participant.objects.filter(pk__in=participant_ids, vault_key__destroyed_at=None).order_by("pk")
    held = list(women.select_for_update(no_key=True, of=("self",)))
    for participant in held:
        _erase(by, participant, locked.reason, now)
    Erasure.objects.filter(pk=locked.pk).update(women_erased=F("women_erased") + len(held))
    return len(held)


@transaction.atomic
def finish_destruction(*, by: Actor, erasure: Erasure, now: datetime) -> Erasure:
    """Close the end-of-study destruction once no woman's data key is left; those of the reports go with it.

    Raise ErasureNotOpen or StudyStillRunning.
    """
    require(by, Permission.KEEP_VAULT)
    locked = _confirmed_destruction(erasure)
    if VaultKey.objects.filter(destroyed_at=None).exists():
        raise ErasureNotOpen(_("Some data keys are still there: run the command again."))
    destroy_boxes(ReportBox.objects.all(), now)
    StagedImport.objects.all().delete()
    locked.done_at = now
    locked.save(update_fields=["done_at"])
    _record(by, "participants.finish_destruction", locked)
    return locked


@transaction.atomic
def record_certificate(*, by: User, erasure: Erasure) -> None:
    """Keep on record that a certificate was taken out."""
    require(by, Permission.CONFIRM_ERASURE)
    _record(by, "participants.take_certificate", erasure)


def _asked(by: User, participant: Participant | None, reason: str, now: datetime) -> Erasure:
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(participant=participant, reason=reason, requested_by=by, requested_at=now)
    except IntegrityError as error:
        raise ErasureAskedAlready from error
    _record(by, "participants.request_erasure", erasure)
    return erasure


def _erasable(participant: Participant) -> Participant:
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if locked.status not in ENDED:
        raise StillTakesPart
    if locked.data_erased_at is not None:
        raise ErasedAlready
    return locked


def _open(erasure: Erasure) -> Erasure:
    locked = Erasure.objects.select_for_update(of=("self",)).select_related("participant").get(pk=erasure.pk)
    if not locked.is_open:
        raise ErasureNotOpen
    return locked


def _confirmed_destruction(erasure: Erasure) -> Erasure:
    locked = _open(erasure)
    if locked.participant_id is not None or locked.confirmed_at is None:
        raise ErasureNotOpen
    _require_study_over()
    return locked


def _require_study_over() -> None:
    if Participant.objects.filter(status__in=FOLLOWED).exists():
        raise StudyStillRunning


def _erase(by: Actor, participant: Participant, reason: str, now: datetime) -> None:
    """Destroy her data key and what finds or reaches her; everything that it sealed is unreadable from then on."""
    VaultKey.objects.filter(participant=participant).update(wrapped=None, destroyed_at=now)
    hashes, _models = LookupHash.objects.filter(participant=participant).delete()
    reports = destroy_boxes(ReportBox.objects.filter(report__participant=participant), now)
    SafeContactPlan.objects.filter(participant=participant).delete()
    Participant.objects.filter(pk=participant.pk).update(data_erased_at=now)
    record(
        actor=by,
        action="participants.erase_identity",
        object_type="participant",
        object_id=participant.study_code,
        reason=reason,
        details={"hashes": hashes, "reports": reports},
    )


def _record(by: Actor, action: str, erasure: Erasure) -> None:
    code = erasure.participant.study_code if erasure.participant else "everybody"
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=code,
        reason=erasure.reason,
        details={"erasure": erasure.pk, "women": erasure.women_erased},
    )
