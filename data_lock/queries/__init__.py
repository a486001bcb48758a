"""What pages, services and the rooms above read of locks."""

from data_lock.queries.locks import (
    are_outcomes_locked,
    earlier_of,
    held_surveys,
    last_check,
    late_listed,
    late_to_decide,
    locks_broken,
    locks_listed,
    locks_standing,
    locks_to_sign,
    open_lifting,
    signatures_of,
)
from data_lock.queries.open_work import OpenWork, open_work
from data_lock.queries.rows import recount

__all__ = [
    "OpenWork",
    "are_outcomes_locked",
    "earlier_of",
    "held_surveys",
    "last_check",
    "late_listed",
    "late_to_decide",
    "locks_broken",
    "locks_listed",
    "locks_standing",
    "locks_to_sign",
    "open_lifting",
    "open_work",
    "recount",
    "signatures_of",
]
