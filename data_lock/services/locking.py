"""A lock proposed, which holds its data still at once, and signed by two people.

Whoever brings an observation takes the lock `data_lock` of the database with others, in a trigger; whoever proposes, or
ends what was proposed or locked, takes it alone. So each log, sheet or survey was stored before, and is among the rows
that are signed, or comes after, and is on the list as long as the lock stands; and logs never wait for each other.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.confirming import password_confirmed
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from data_lock import queries
from data_lock.models import DataLock, LateArrival, LockSignature
from data_lock.queries.open_work import Cut
from data_lock.services.signing import SignedAlready, write_signature
from data_lock.statement import SIGNERS, Recount
from data_lock.states import LOCK_TRANSITIONS, PARTS_OF, LockKind, LockState
from protocol.queries import current_protocol

Meaning, Purpose = LockSignature.Meaning, LockSignature.Purpose


class CutUnknown(StudyError):
    """There is no such wave, or no day was given."""

    code = "cut_unknown"
    message = _("Say which wave, or until which day.")


class CutNotOver(StudyError):
    """What is still going on cannot be locked."""

    code = "cut_not_over"
    message = _("That day is not over yet.")
    field = "until"


class LockedAlready(StudyError):
    """One lock holds a cut at a time."""

    code = "locked_already"
    message = _("These data are locked already, or it is proposed.")
    http_status = 409


class OpenWorkNeedsReason(StudyError):
    """What is open is closed first, or somebody says why it is not waited for."""

    code = "open_work_needs_reason"
    message = _("Something is still open there: say why it is locked all the same.")
    field = "reason"


class LockMovedOn(StudyError):
    """It was signed, called off or lifted meanwhile."""

    code = "lock_moved_on"
    message = _("This lock is not where it was. Look at it again.")
    http_status = 409


class RowsChanged(StudyError):
    """What the second person would sign is not what the first one signed."""

    code = "rows_changed"
    message = _("These are not the rows that were signed first. Nothing was signed: call it off, and find out why.")
    http_status = 409


@transaction.atomic
def propose_lock(*, by: User, kind: LockKind, wave: str, until: date | None, reason: str, now: datetime) -> DataLock:
    """Hold a cut still from now on, so that two people can sign it; what comes afterwards is kept apart.

    Raise CutUnknown, CutNotOver, OpenWorkNeedsReason or LockedAlready.
    """
    require(by, Permission.PROPOSE_DATA_LOCKS)
    cut = cut_of(kind, wave, until, now)
    still_open = {one.code: one.number for one in queries.open_work(cut)}
    if still_open and not reason.strip():
        raise OpenWorkNeedsReason
    hold_everything_still()
    try:
        with transaction.atomic():
            lock = DataLock.objects.create(
                kind=cut.kind,
                wave=cut.wave,
                until=cut.until,
                ends_at=cut.ends_at,
                still_open=still_open,
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=now,
            )
    except IntegrityError as error:
        raise LockedAlready from error
    _leave_out_what_others_do(lock, now)
    _recorded(by, "data_lock.propose", lock, {"open": still_open})
    return lock


@password_confirmed
@transaction.atomic
def sign_lock(*, by: User, lock: DataLock, password: str, meaning: LockSignature.Meaning, now: datetime) -> DataLock:
    """Sign a cut as it is counted now; the second person's signature locks it.

    Raise PasswordWrong, TooManyTries, LockMovedOn, SignedAlready or RowsChanged.
    """
    require(by, Permission.SIGN_DATA_LOCKS)
    held = _held(lock, LockState.LOCKED)
    before = list(held.signatures.filter(purpose=Purpose.LOCK))
    if by.pk in {signature.signed_by_id for signature in before}:
        raise SignedAlready
    counted = queries.recount(held, timezone.localdate(now))
    if not before:
        _keep_count(held, counted)
    elif counted.sha256 != held.sha256:
        raise RowsChanged
    write_signature(held, author=by, meaning=meaning, now=now)
    if len(before) + 1 == SIGNERS:
        held.state, held.locked_at = LockState.LOCKED, now
        held.save(update_fields=["state", "locked_at"])
    _recorded(by, "data_lock.sign", held, {"meaning": meaning, "signatures": len(before) + 1})
    return held


@transaction.atomic
def call_off_lock(*, by: User, lock: DataLock, now: datetime) -> DataLock:
    """Call off what waits for signatures: its data may change again, and what came meanwhile joins them.

    Raise LockMovedOn.
    """
    require(by, Permission.SIGN_DATA_LOCKS)
    hold_everything_still()
    held = _held(lock, LockState.CALLED_OFF)
    held.state, held.ended_at = LockState.CALLED_OFF, now
    held.save(update_fields=["state", "ended_at"])
    let_in(held)
    _recorded(by, "data_lock.call_off", held, {})
    return held


def cut_of(kind: LockKind, wave: str, until: date | None, now: datetime) -> Cut:
    """Return what is to be locked. Raise CutUnknown or CutNotOver."""
    if kind == LockKind.SURVEYS:
        if wave not in {one.code for one in current_protocol().waves}:
            raise CutUnknown
        return Cut(kind, wave=wave)
    if until is None:
        raise CutUnknown
    if until >= timezone.localdate(now):
        raise CutNotOver
    return Cut(kind, until=until, ends_at=timezone.make_aware(datetime.combine(until + timedelta(days=1), time())))


def let_in(lock: DataLock) -> int:
    """Let what came after a lock join the data, within the transaction that ends the lock; return how much.

    The caller holds everything still: what is on the list and not committed yet would stay out for ever.
    """
    return LateArrival.objects.filter(lock=lock, is_out=True).update(is_out=False)


def hold_everything_still() -> None:
    """Wait for whoever brings an observation in this moment, and let whoever comes next wait for this transaction.

    Before the lock's own row is taken: a late log that is committed waits for whoever changes that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('data_lock'))")


def _leave_out_what_others_do(lock: DataLock, now: datetime) -> None:
    """Keep out of a new lock what another one keeps out: it is in no data set, so nobody signs it."""
    if lock.ends_at is None:
        return
    out = LateArrival.objects.filter(is_out=True).exclude(lock=lock).order_by("pk")
    logs = set(out.filter(log__occurred_at__lt=lock.ends_at).values_list("log", flat=True))
    sheets = set(out.filter(assessment__assessed_at__lt=lock.ends_at).values_list("assessment", flat=True))
    parts = PARTS_OF[lock.kind]
    late = [LateArrival(lock=lock, log_id=pk, noted_at=now) for pk in logs if LockKind.VISITS in parts]
    late += [LateArrival(lock=lock, assessment_id=pk, noted_at=now) for pk in sheets if LockKind.SHEETS in parts]
    LateArrival.objects.bulk_create(late)


def _keep_count(lock: DataLock, counted: Recount) -> None:
    lock.sha256, lock.in_use_sha256 = counted.sha256, counted.in_use_sha256
    lock.parts = [[part.kind, part.rows, part.sha256] for part in counted.parts]
    lock.save(update_fields=["sha256", "in_use_sha256", "parts"])


def _held(lock: DataLock, following: LockState) -> DataLock:
    # No key of it changes: a late log, which points to it, does not wait for a year of rows to be counted.
    held = DataLock.objects.select_for_update(of=("self",), no_key=True).get(pk=lock.pk)
    if following not in LOCK_TRANSITIONS[held.state]:
        raise LockMovedOn
    return held


def _recorded(by: User, action: str, lock: DataLock, details: Mapping[str, object]) -> None:
    said = {**lock.cut, "sha256": lock.sha256, **details}
    record(actor=by, action=action, object_type="data_lock", object_id=lock.pk, reason=lock.reason, details=said)
