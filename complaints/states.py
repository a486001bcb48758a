"""What may follow what of a complaint."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    RECEIVED = "received", _("Received")
    IN_HAND = "in_hand", _("Being looked into")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


TRANSITIONS: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.IN_HAND}),
    # It is closed without an answer where nobody is left to answer to.
    State.IN_HAND: frozenset({State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}
WAITING = frozenset({State.RECEIVED, State.IN_HAND})
"""Whoever complained has no answer yet."""


def may_become(state: str, following: str) -> bool:
    """Say whether a complaint in one state may get into another."""
    return following in TRANSITIONS[state]
