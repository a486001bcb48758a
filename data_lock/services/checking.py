"""Locks counted again: are their rows, and their signatures, those that were signed?"""

from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.keys import verifying_key
from audit.services import record
from data_lock import queries
from data_lock.models import DataLock, LockCheck, LockSignature
from data_lock.statement import SIGNERS, signature_text
from data_lock.states import LockState

Problem = LockCheck.Problem


@transaction.atomic
def check_lock(*, by: Actor, lock: DataLock, now: datetime) -> LockCheck:
    """Count a lock's rows again, look at its signatures, and keep what was found."""
    require(by, Permission.READ_DATA_LOCKS)
    check = _checked(DataLock.objects.get(pk=lock.pk), now)
    _record(by, [check])
    return check


@transaction.atomic
def check_locks(*, by: Actor, now: datetime) -> list[LockCheck]:
    """Check every lock that stands, in order of number; one row of the audit says what was found of each."""
    require(by, Permission.READ_DATA_LOCKS)
    checks = [_checked(lock, now) for lock in DataLock.objects.filter(state=LockState.LOCKED).order_by("pk")]
    _record(by, checks)
    return checks


def _checked(lock: DataLock, now: datetime) -> LockCheck:
    counted = queries.recount(lock, timezone.localdate(now))
    problem = ""
    if lock.state == LockState.LOCKED and counted.sha256 != lock.sha256:
        problem = Problem.ROWS
    elif not _are_signatures_whole(lock):
        problem = Problem.SIGNATURES
    return LockCheck.objects.create(
        lock=lock,
        checked_at=now,
        sha256=counted.sha256,
        in_use_sha256=counted.in_use_sha256,
        rows=counted.rows,
        problem=problem,
    )


def _are_signatures_whole(lock: DataLock) -> bool:
    """Say whether each signature says what its row says, holds, and two different people locked what is locked."""
    found = list(queries.signatures_of(lock))
    locking = {one.signed_by_id for one in found if one.purpose == LockSignature.Purpose.LOCK}
    is_signed = lock.state != LockState.LOCKED or len(locking) >= SIGNERS
    return is_signed and all(_holds(lock, one) for one in found)


def _holds(lock: DataLock, signed: LockSignature) -> bool:
    said = signature_text(
        lock=lock.pk,
        cut=lock.cut,
        sha256=lock.sha256,
        purpose=signed.purpose,
        meaning=signed.meaning,
        person=signed.signed_by.audit_name,
        role=signed.signed_role,
        at=signed.signed_at.astimezone(UTC).isoformat(timespec="seconds"),
    )
    try:
        verifying_key(signed.key).verify(bytes(signed.signature), signed.text.encode())
    except InvalidSignature:
        return False
    return said == signed.text


def _record(by: Actor, checks: list[LockCheck]) -> None:
    """Append one row: the audit's signed checkpoints hold it."""
    found = {str(check.lock_id): check.problem or "as_signed" for check in checks}
    record(actor=by, action="data_lock.check", object_type="data_lock", details={"locks": found})
