"""What else ends when the sessions of an account end: rooms above this one join in, and this one does not know them."""

from collections.abc import Callable
from datetime import datetime

# Takes the account's id and the moment; runs within the transaction that ends the sessions.
EndsWithSessions = Callable[[int, datetime], None]

_joined: list[EndsWithSessions] = []


def join(ends: EndsWithSessions) -> None:
    """Have this called, too, whenever all sessions of an account are ended; a room calls it once, at start."""
    if ends not in _joined:
        _joined.append(ends)


def end_what_joined(user_id: int, now: datetime) -> None:
    """End whatever else an account holds: keys of devices, tokens."""
    for ends in _joined:
        ends(user_id, now)


# Takes the account's id; says whether what was not sent yet may lie in a browser of hers.
MayHoldUnsent = Callable[[int], bool]

_asked: list[MayHoldUnsent] = []


def ask_before_clearing(may_hold_unsent: MayHoldUnsent) -> None:
    """Have this asked, too, before a browser is told to forget all; a room calls it once, at start."""
    if may_hold_unsent not in _asked:
        _asked.append(may_hold_unsent)


def keeps_storage(user_id: int, said_unsent: str | None) -> bool:
    """Say whether a browser of a revoked account keeps what it stores, because records that were not sent lie there.

    `said_unsent` is what its request says of how many wait; without a word of it the rooms are asked. What else the
    browser stores the application on the phone wipes by itself.
    """
    if said_unsent is not None:
        return said_unsent.strip() != "0"
    return any(may_hold_unsent(user_id) for may_hold_unsent in _asked)
