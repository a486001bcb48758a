"""Reading who acts."""

from accounts.actors import Actor
from accounts.models import User


def person_of(by: Actor) -> User | None:
    """Return the person who acts, or None if it is a part of the system."""
    return by if isinstance(by, User) else None
