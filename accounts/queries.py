"""Reading who acts."""

from datetime import datetime

from django.db.models import Case, QuerySet, Value, When

from accounts.actors import Actor
from accounts.models import Token, TokenQuerySet, User
from accounts.roles import Role
from accounts.tokens import token_hmacs

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


def tokens_listed(user: User, now: datetime) -> TokenQuerySet:
    """Return the keys in force that a person may see, with their owners: her own, or all; the newest first."""
    return Token.objects.visible_to(user).in_force(now).select_related("owner").order_by("-made_at", "-pk")


def token_shown(text: str, now: datetime) -> Token | None:
    """Return the key in force that a program shows, with its owner; None for what opens nothing."""
    found = Token.objects.in_force(now).select_related("owner").filter(token_hmac__in=token_hmacs(text))
    return found.first()
