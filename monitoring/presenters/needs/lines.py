"""What waits for a person: how urgent, how much of it, in which words, and where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.urls import reverse

from accounts.access import may_open
from accounts.models import User
from accounts.roles import Role


class Urgency(IntEnum):
    """The smaller, the sooner."""

    NOW = 0
    TODAY = 1
    WHEN_POSSIBLE = 2


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that may wait for whoever has one of the roles.

    `count` says how many wait for a person at a moment, in a fixed number of queries; `words` say of what, by
    number; `url_name` with `query` is the list behind the number, which each of the roles may open.
    """

    code: str
    urgency: Urgency
    roles: frozenset[Role]
    url_name: str
    count: Callable[[User, datetime], int]
    words: Callable[[int], str]
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + self.query

    def is_for(self, user: User) -> bool:
        return user.role in self.roles and may_open(user.role, self.url_name)


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of a need wait."""

    need: Need
    number: int

    @property
    def words(self) -> str:
        return str(self.need.words(self.number))


def waiting_for(user: User, needs: tuple[Need, ...], *, now: datetime) -> list[Waiting]:
    """Return what waits for a person, the most urgent first, in the order of `needs` otherwise."""
    counted = (Waiting(need, need.count(user, now)) for need in needs if need.is_for(user))
    return sorted((one for one in counted if one.number), key=lambda one: one.need.urgency)
