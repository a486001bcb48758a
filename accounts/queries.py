"""Reading who acts."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import User


def person_of(by: Actor) -> User | None:
    """Return the person who acts, or None if it is a part of the system."""
    return by if isinstance(by, User) else None


def accounts_listed() -> QuerySet[User]:
    """Return every account: those that may sign in first, then by role and name."""
    return User.objects.order_by("-is_active", "role", "display_name", "pk")


def was_revoked(user_id: int, epoch: int) -> bool:
    """Say whether all sessions of an account were ended since one of them began under that epoch."""
    return User.objects.filter(pk=user_id, session_epoch__gt=epoch).exists()
