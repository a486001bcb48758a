"""What follows a woman's part in the study: the rooms that plan for her, ask her or refer her stop and resume with her.

This room does not know them: each registers one service when the study starts, and every change of her part calls all
of them in its own transaction, under the lock on her row. A room that is missing stops the start, and every change.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from accounts.actors import Actor
from participants.consent_scopes import Scope
from participants.models import Participant

# In this order they are called, so that two changes take their locks alike; this room's own part is her messages.
ROOMS = ("participants", "referrals", "visits", "surveys", "interviews")


@dataclass(frozen=True, slots=True)
class PartChange:
    """A change of her part: her row as it is now, locked; the scopes that it touches; and the reason's code."""

    participant: Participant
    reason: str
    now: datetime
    scopes: frozenset[Scope] = field(default_factory=lambda: frozenset(Scope))


class Follower(Protocol):
    """A service that fits its room to her status, her consents and her station; called twice, it changes nothing."""

    def __call__(self, *, by: Actor, change: PartChange) -> None: ...


_followers: dict[str, Follower] = {}


def follow_with(room: str, follower: Follower) -> None:
    """Let a room follow from now on; it calls this once, when the study starts."""
    if room not in ROOMS:
        raise ImproperlyConfigured(f"{room} is not among the rooms that follow a woman's part")
    _followers[room] = follower


def missing_rooms() -> list[str]:
    """Return the rooms that should follow and do not."""
    return [room for room in ROOMS if room not in _followers]


def follow(*, by: Actor, change: PartChange) -> None:
    """Let every room follow a change, within the caller's transaction. Raise ImproperlyConfigured if one is missing."""
    for follower in _all_followers():
        follower(by=by, change=change)


def _all_followers() -> Iterable[Follower]:
    if missing := missing_rooms():
        raise ImproperlyConfigured(f"nothing follows a woman's part in: {', '.join(missing)}")
    return [_followers[room] for room in ROOMS]
