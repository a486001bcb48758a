"""What may become of a query about data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    OPEN = "open", _("To answer")
    ANSWERED = "answered", _("Answered")
    ACCEPTED = "accepted", _("Accepted as it is")
    CLOSED = "closed", _("Put right")


# The nightly run alone closes, when the data are right, and opens again, when they are wrong again or differently.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.OPEN: frozenset({State.ANSWERED, State.ACCEPTED, State.CLOSED}),
    State.ANSWERED: frozenset({State.OPEN, State.ACCEPTED, State.CLOSED}),
    State.ACCEPTED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}


def may_become(state: str, following: str) -> bool:
    """Say whether a query of the first state may get the second."""
    return following in TRANSITIONS[state]
