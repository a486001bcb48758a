"""What waits for a person: how urgent, how much of it, in which words, and where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.expressions import Combinable
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
class Counted:
    """How many wait; since when the oldest does, where that is known; and how many are past their term."""

    number: int
    oldest: date | datetime | None = None
    overdue: int = 0


def counted(rows: QuerySet[Any], *, since: str | Combinable, late: Q | None = None) -> Counted:
    """Count rows in one query: `since` is when one began to wait, `late` what makes one past its term."""
    overdue = Count("pk", filter=late if late is not None else Q(pk=None))
    found = rows.order_by().aggregate(number=Count("pk"), oldest=Min(since), overdue=overdue)
    return Counted(found["number"], found["oldest"], found["overdue"])


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that may wait for whoever has one of the roles.

    `count` says how many wait for a person at a moment, in a fixed number of queries, alone or with their age; `words`
    say of what, by number; `url_name` with `query` is the list behind the number, which each of the roles may open.
    """

    code: str
    urgency: Urgency
    roles: frozenset[Role]
    url_name: str
    count: Callable[[User, datetime], int | Counted]
    words: Callable[[int], str]
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + self.query

    def counted_for(self, user: User, now: datetime) -> Counted:
        """Return how many wait for a person, with their age where it is known."""
        found = self.count(user, now)
        return Counted(found) if isinstance(found, int) else found

    def is_for(self, user: User) -> bool:
        return user.role in self.roles and may_open(user.role, self.url_name)


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of a need wait."""

    need: Need
    counted: Counted

    @property
    def number(self) -> int:
        return self.counted.number

    @property
    def words(self) -> str:
        return str(self.need.words(self.number))


def waiting_for(user: User, needs: tuple[Need, ...], *, now: datetime) -> list[Waiting]:
    """Return what waits for a person, the most urgent first, in the order of `needs` otherwise."""
    waiting = (Waiting(need, need.counted_for(user, now)) for need in needs if need.is_for(user))
    return sorted((one for one in waiting if one.number), key=lambda one: one.need.urgency)
