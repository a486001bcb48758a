"""Keys by which a person's programs read the study: what each may be for, and how one is kept."""

import secrets

from django.conf import settings
from django.db.models import TextChoices
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.permissions import Permission

_BEGINS = "agenda_"
_TOKEN_BYTES = 32
_SALT = "accounts.token"

# For how many days one may be made; it can be ended sooner at any time.
DAYS_OFFERED = (7, 30, 90, 180)
MOST_DAYS = max(DAYS_OFFERED)


class TokenScope(TextChoices):
    """One thing that a program may read by a key, never more than its owner's role."""

    DATASETS = "datasets:read", _("Data sets and their codebooks")
    VISITS = "visits:read", _("Logs of visits, by code")
    RELEASES = "releases:read", _("One’s own releases")


PERMISSIONS_OF: dict[TokenScope, tuple[Permission, ...]] = {
    TokenScope.DATASETS: (Permission.EXPORT_PANEL,),
    # How often women are visited tells the arm (ADR 9).
    TokenScope.RELEASES: (Permission.EXPORT_PANEL,),
    TokenScope.VISITS: (Permission.EXPORT_PANEL, Permission.READ_ARM),
}


def scopes_open_to(by: Actor) -> tuple[TokenScope, ...]:
    """Return what a person's role lets her programs read."""
    return tuple(scope for scope in TokenScope if all(map(by.has, PERMISSIONS_OF[scope])))


def new_token() -> str:
    """Return a key that nobody can guess; it begins so that whoever finds one in a file knows what it is."""
    return _BEGINS + secrets.token_urlsafe(_TOKEN_BYTES)


def token_hmac(token: str, secret: str | bytes | None = None) -> str:
    """Return the keyed hash (hex) under which a key is kept: without the server's secret it proves nothing."""
    return salted_hmac(_SALT, token, secret=secret, algorithm="sha256").hexdigest()


def token_hmacs(token: str) -> list[str]:
    """Return under what a key may be kept: by the secret of today, and by those before it that still count."""
    return [token_hmac(token, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
