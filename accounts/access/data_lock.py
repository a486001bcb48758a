"""Who opens the pages of data_lock/."""

from accounts.access.groups import ADMIN, ANALYSTS, BOARD

_READERS, _SIGNERS = ANALYSTS | ADMIN | BOARD, ANALYSTS | ADMIN

PAGES: dict[str, frozenset[str]] = {
    "data_lock_list": _READERS,
    "data_lock_new": ADMIN,
    "data_lock_detail": _READERS,
    "data_lock_sign": _SIGNERS,
    "data_lock_call_off": _SIGNERS,
    "data_lock_lift": _SIGNERS,
    "data_lock_lift_call_off": _SIGNERS,
    "data_lock_check": _READERS,
    "data_lock_paper": _READERS,
    "data_lock_leave_out": ADMIN,
}
