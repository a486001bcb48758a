"""A lock lifted by two people, with a reason: its signatures stay, and read as lifted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.confirming import password_confirmed
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from data_lock import queries
from data_lock.models import DataLock, Lifting, LockSignature
from data_lock.services.locking import hold_everything_still, let_in
from data_lock.services.signing import SignedAlready, write_signature
from data_lock.states import LIFTING_TRANSITIONS, LiftingState, LockState

Meaning = LockSignature.Meaning


class NotLocked(StudyError):
    """Only what two people locked is lifted."""

    code = "not_locked"
    message = _("These data are not locked any more, or not yet.")
    http_status = 409


class LiftingReasonMissing(StudyError):
    """Whoever opens what was signed says why."""

    code = "lifting_reason_missing"
    message = _("Say why the lock is to be lifted.")
    field = "reason"


class LiftingAskedAlready(StudyError):
    """One request at a time."""

    code = "lifting_asked_already"
    message = _("It was asked for already, and waits for a second person.")
    http_status = 409


class LiftingMovedOn(StudyError):
    """It was signed or called off meanwhile."""

    code = "lifting_moved_on"
    message = _("This request is not waiting any more. Look at the page again.")
    http_status = 409


@password_confirmed
@transaction.atomic
def ask_lifting(*, by: User, lock: DataLock, password: str, reason: str, now: datetime) -> Lifting:
    """Ask, with a signature, that a lock be lifted; a second person decides.

    Raise PasswordWrong, TooManyTries, LiftingReasonMissing, NotLocked or LiftingAskedAlready.
    """
    require(by, Permission.SIGN_DATA_LOCKS)
    if not reason.strip():
        raise LiftingReasonMissing
    held = _held(lock)
    if queries.open_lifting(held) is not None:
        raise LiftingAskedAlready
    lifting = Lifting.objects.create(lock=held, reason=reason.strip(), asked_by=by, asked_at=now)
    write_signature(held, author=by, meaning=Meaning.LIFT_ASKED, now=now, lifting=lifting)
    _recorded(by, "data_lock.ask_lifting", lifting)
    return lifting


@password_confirmed
@transaction.atomic
def sign_lifting(*, by: User, lock: DataLock, password: str, now: datetime) -> DataLock:
    """Lift a lock that somebody else asked to lift: its data may change again, and what came late joins them.

    Raise PasswordWrong, TooManyTries, NotLocked, LiftingMovedOn or SignedAlready.
    """
    require(by, Permission.SIGN_DATA_LOCKS)
    hold_everything_still()
    held = _held(lock)
    lifting = _waiting(held, LiftingState.DONE)
    if lifting.asked_by_id == by.pk:
        raise SignedAlready
    write_signature(held, author=by, meaning=Meaning.LIFT_APPROVED, now=now, lifting=lifting)
    _decide(lifting, LiftingState.DONE, by, now)
    held.state, held.ended_at = LockState.LIFTED, now
    held.save(update_fields=["state", "ended_at"])
    let_in(held)
    _recorded(by, "data_lock.lift", lifting)
    return held


@transaction.atomic
def call_off_lifting(*, by: User, lock: DataLock, now: datetime) -> DataLock:
    """Call off a request to lift a lock, by whoever may sign it. Raise NotLocked or LiftingMovedOn."""
    require(by, Permission.SIGN_DATA_LOCKS)
    held = _held(lock)
    lifting = _waiting(held, LiftingState.CALLED_OFF)
    _decide(lifting, LiftingState.CALLED_OFF, by, now)
    _recorded(by, "data_lock.call_off_lifting", lifting)
    return held


def _held(lock: DataLock) -> DataLock:
    held = DataLock.objects.select_for_update(of=("self",), no_key=True).get(pk=lock.pk)
    if held.state != LockState.LOCKED:
        raise NotLocked
    return held


def _waiting(lock: DataLock, following: LiftingState) -> Lifting:
    lifting = queries.open_lifting(lock)
    if lifting is None or following not in LIFTING_TRANSITIONS[lifting.state]:
        raise LiftingMovedOn
    return lifting


def _decide(lifting: Lifting, state: LiftingState, by: User, now: datetime) -> None:
    lifting.state, lifting.decided_by, lifting.decided_at = state, by, now
    lifting.save(update_fields=["state", "decided_by", "decided_at"])


def _recorded(by: User, action: str, lifting: Lifting) -> None:
    details = {**lifting.lock.cut, "sha256": lifting.lock.sha256, "lifting": lifting.pk}
    record(
        actor=by,
        action=action,
        object_type="data_lock",
        object_id=lifting.lock_id,
        reason=lifting.reason,
        details=details,
    )
