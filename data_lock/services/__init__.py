"""The only writers of locks."""

from data_lock.services.checking import check_lock, check_locks
from data_lock.services.late import LateDecided, leave_out
from data_lock.services.lifting import (
    LiftingAskedAlready,
    LiftingMovedOn,
    LiftingReasonMissing,
    NotLocked,
    ask_lifting,
    call_off_lifting,
    sign_lifting,
)
from data_lock.services.locking import (
    CutNotOver,
    CutUnknown,
    LockedAlready,
    LockMovedOn,
    OpenWorkNeedsReason,
    RowsChanged,
    call_off_lock,
    cut_of,
    propose_lock,
    sign_lock,
)
from data_lock.services.signing import SignedAlready

__all__ = [
    "CutNotOver",
    "CutUnknown",
    "LateDecided",
    "LiftingAskedAlready",
    "LiftingMovedOn",
    "LiftingReasonMissing",
    "LockMovedOn",
    "LockedAlready",
    "NotLocked",
    "OpenWorkNeedsReason",
    "RowsChanged",
    "SignedAlready",
    "ask_lifting",
    "call_off_lifting",
    "call_off_lock",
    "check_lock",
    "check_locks",
    "cut_of",
    "leave_out",
    "propose_lock",
    "sign_lifting",
    "sign_lock",
]
