"""The access table: every URL name and the roles that may open it. What is not listed is refused.

A room's pages stand in the module of its name; here they are one table. Data out of a person's scope answers 404
(`visible_to`); a page outside her role answers 403, here.
"""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ImproperlyConfigured

from accounts.access import (
    accounts,
    back_checks,
    care,
    complaints,
    data_lock,
    data_protection,
    interviews,
    monitoring,
    panel,
    participants,
    phone,
    programs,
    quality,
    referrals,
    risk,
    safety,
    stations,
    surveys,
    training,
    visits,
)
from accounts.access.groups import PUBLIC, SIGNED_IN
from accounts.access.programs import SCOPE_NEEDED

__all__ = ["ACCESS", "PUBLIC", "ROOMS", "SCOPE_NEEDED", "SIGNED_IN", "joined", "may_open"]

ROOMS = (
    programs,
    accounts,
    stations,
    training,
    participants,
    safety,
    care,
    referrals,
    risk,
    visits,
    phone,
    surveys,
    interviews,
    data_protection,
    data_lock,
    panel,
    complaints,
    back_checks,
    quality,
    monitoring,
)


def joined(tables: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """Make one table of several; a page that stands in two of them is refused, as one would silently win."""
    table: dict[str, frozenset[str]] = {}
    for pages in tables:
        if twice := sorted(table.keys() & pages.keys()):
            message = f"Pages that stand in the access table of two rooms: {', '.join(twice)}"
            raise ImproperlyConfigured(message)
        table.update(pages)
    return table


ACCESS = joined(room.PAGES for room in ROOMS)


def may_open(role: str | None, url_name: str) -> bool:
    """Say whether a role (None: nobody signed in) may open the page of that URL name."""
    allowed = ACCESS.get(url_name, frozenset())
    return allowed == PUBLIC or (role is not None and role in allowed)
