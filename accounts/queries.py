"""Reading who acts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, QuerySet, Value, When

from accounts.actors import Actor
from accounts.models import AddressHold, Token, TokenQuerySet, User
from accounts.roles import Role
from accounts.tokens import token_hmacs
from audit.models import Event

HELD_BACK = "accounts.hold_back"
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


def hold_on(network: str, now: datetime) -> AddressHold | None:
    """Return the hold that is on a network now, None where it is free."""
    return AddressHold.objects.filter(network=network, until__gt=now).first() if network else None


def holds_going_on(now: datetime) -> QuerySet[AddressHold]:
    """Return the networks that are held up now, the latest first."""
    return AddressHold.objects.filter(until__gt=now)


def held_back_people(holds: Collection[AddressHold]) -> dict[int, list[str]]:
    """Return, by the pk of a hold, the names of those whose right password let nobody in meanwhile."""
    shown = Event.objects.filter(action=HELD_BACK, details__address_hold__in=[hold.pk for hold in holds])
    whose = {(int(event.object_id), int(event.details["address_hold"])) for event in shown}
    names = User.objects.in_bulk([pk for pk, _hold in whose])
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, hold in whose:
        found[hold].append(names[pk].display_name)
    return {hold: sorted(people) for hold, people in found.items()}
