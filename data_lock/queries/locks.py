"""Locks, their signatures, what came after them, and who must do something about any."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

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


def lock_for(kind: str, *, wave: str = "", before: datetime | None = None) -> DataLock | None:
    """Return the newest lock, signed by two, that holds a wave's surveys, or a kind of rows observed until a moment."""
    of_days = Q(kind__in=(kind, LockKind.EVERYTHING))
    if before is not None:
        of_days &= Q(ends_at__gte=before)
    wanted = Q(kind=LockKind.SURVEYS, wave=wave) | of_days if wave else of_days
    return DataLock.objects.filter(wanted, state=LockState.LOCKED).order_by("-pk").first()
