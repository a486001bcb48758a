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
