"""Locks, their signatures, what came after them, and who must do something about any."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from data_lock.models import (
    DataLock,
    DataLockQuerySet,
    LateArrival,
    LateArrivalQuerySet,
    Lifting,
    LockCheck,
    LockSignature,
)
from data_lock.states import LiftingState, LockKind, LockState
from surveys.models import PhoneEntry

Purpose = LockSignature.Purpose


def locks_listed(user: User) -> DataLockQuerySet:
    """Return the locks that a person may read of, the newest first, each with how often it was signed to be locked."""
    signed = Count("signatures", filter=Q(signatures__purpose=Purpose.LOCK))
    newest = LockCheck.objects.filter(lock=OuterRef("pk")).order_by("-checked_at", "-pk")
    found = DataLock.objects.visible_to(user).listed()
    return found.annotate(signed=signed, problem=Subquery(newest.values("problem")[:1]))


def signatures_of(lock: DataLock) -> QuerySet[LockSignature]:
    """Return every signature of a lock with its person, the first first."""
    return lock.signatures.select_related("signed_by").order_by("signed_at", "pk")


def open_lifting(lock: DataLock) -> Lifting | None:
    """Return the request to lift a lock that waits for a second person."""
    return lock.liftings.filter(state=LiftingState.ASKED).select_related("asked_by").first()


def last_check(lock: DataLock) -> LockCheck | None:
    """Return the newest recount of a lock."""
    return lock.checks.first()


def earlier_of(lock: DataLock) -> DataLockQuerySet:
    """Return the other locks that the same cut has or had, the newest first."""
    same = DataLock.objects.filter(kind=lock.kind, wave=lock.wave, until=lock.until)
    return same.exclude(pk=lock.pk).order_by("-pk")


def late_listed(lock: DataLock) -> LateArrivalQuerySet:
    """Return what came after a lock, what waits for a decision first, the newest before the others."""
    found = lock.late_arrivals.select_related("log", "assessment", "decided_by")
    return found.order_by("decided_at", "-noted_at", "-pk")


def held_surveys(lock: DataLock) -> int:
    """Return how many surveys are held because they came after a lock, in its wave or of its days."""
    if lock.kind not in (LockKind.SURVEYS, LockKind.EVERYTHING):
        return 0
    held = PhoneEntry.objects.undecided().filter(held_for=PhoneEntry.Held.LOCKED)
    return (held.filter(case__wave=lock.wave) if lock.wave else held).count()


def late_to_decide() -> LateArrivalQuerySet:
    """Return what came after a lock that stands, and nobody has decided about."""
    return LateArrival.objects.to_decide().filter(lock__state=LockState.LOCKED)


def locks_to_sign(user: User) -> DataLockQuerySet:
    """Return the locks that wait for a signature, to lock or to lift them, and that this person may give it to."""
    if not user.has(Permission.SIGN_DATA_LOCKS):
        return DataLock.objects.none()
    mine = LockSignature.objects.filter(lock=OuterRef("pk"), signed_by=user, purpose=Purpose.LOCK)
    lifting = Lifting.objects.filter(lock=OuterRef("pk"), state=LiftingState.ASKED).exclude(asked_by=user)
    return DataLock.objects.filter(Q(Q(state=LockState.PROPOSED) & ~Exists(mine)) | Q(Exists(lifting)))


def locks_broken() -> DataLockQuerySet:
    """Return the locks that hold and whose newest recount found a problem."""
    newest = LockCheck.objects.filter(lock=OuterRef("pk")).order_by("-checked_at", "-pk")
    found = DataLock.objects.holding().annotate(problem=Subquery(newest.values("problem")[:1]))
    return found.exclude(problem=None).exclude(problem="")


def locks_standing(held_since: datetime | None = None) -> list[dict[str, Any]]:
    """Return the locks that two people signed and that stand, by number, as files of data name them.

    With `held_since` those alone whose data were held still by then: what was read afterwards is what was signed.
    """
    found = DataLock.objects.filter(state=LockState.LOCKED).order_by("pk")
    if held_since is not None:
        found = found.filter(proposed_at__lte=held_since)
    return [
        {
            **lock.cut,
            "lock": lock.pk,
            "sha256": lock.sha256,
            "locked_on": timezone.localdate(lock.locked_at).isoformat(),
        }
        for lock in found
    ]


def are_outcomes_locked(locks: Iterable[Mapping[str, Any]], waves: Iterable[str]) -> bool:
    """Say whether locks, as `locks_standing` names them, hold all that was answered: everything, or every wave."""
    held = list(locks)
    return any(one["kind"] == LockKind.EVERYTHING for one in held) or set(waves) <= {one["wave"] for one in held}
