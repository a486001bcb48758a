"""Reading who acts."""

from django.db.models import Case, QuerySet, Value, When

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Role

# Who hears when something of the study stands still.
IN_CHARGE = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.SAFETY_OFFICER)


def person_of(by: Actor) -> User | None:
    """Return the person who acts, or None if it is a part of the system."""
    return by if isinstance(by, User) else None


def accounts_listed() -> QuerySet[User]:
    """Return every account: those that may sign in first, of them whoever is in charge, then by role and name."""
    place = Case(When(role__in=IN_CHARGE, then=Value(0)), default=Value(1))
    return User.objects.annotate(place=place).order_by("-is_active", "place", "role", "display_name", "pk")


def was_revoked(user_id: int, epoch: int) -> bool:
    """Say whether all sessions of an account were ended since one of them began under that epoch."""
    return User.objects.filter(pk=user_id, session_epoch__gt=epoch).exists()
