"""Shares of each person, as they were last counted."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum

from accounts.models import User
from accounts.roles import Role
from quality.funnels import Counted
from quality.measures import Measure
from quality.models import PersonMonth
from stations.models import Posting


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A person's cases and hits, with her name as her account has it."""

    person: User
    cases: int
    hits: int

    @property
    def code(self) -> str:
        """Initials and a number: enough for whoever knows her, nothing for whoever does not."""
        initials = " ".join(f"{word[0].upper()}." for word in self.person.display_name.split()[:2])
        return f"{initials} {self.person.pk}".strip()

    @property
    def counted(self) -> Counted:
        return Counted(self.code, self.cases, self.hits)


def person_counts(user: User, measure: Measure, *, since: date | None) -> list[PersonCount]:
    """Return the people whom a person may read of, by id: a supervisor those who logged at her station; one query."""
    rows = PersonMonth.objects.filter(measure=measure)
    if user.role == Role.SUPERVISOR:
        rows = rows.filter(station__in=Posting.objects.serving().filter(officer__user=user).values("station"))
    if since is not None:
        rows = rows.filter(month__gte=since)
    found = rows.order_by("person").values("person", "person__display_name").annotate(c=Sum("cases"), h=Sum("hits"))
    return [
        PersonCount(User(pk=row["person"], display_name=row["person__display_name"]), row["c"], row["h"])
        for row in found
    ]


def everybodys(measure: Measure, *, since: date | None) -> tuple[int, int]:
    """Return all cases and hits of a measure, of every station."""
    rows = PersonMonth.objects.filter(measure=measure)
    if since is not None:
        rows = rows.filter(month__gte=since)
    found = rows.aggregate(c=Sum("cases", default=0), h=Sum("hits", default=0))
    return found["c"], found["h"]


def rates_counted_at() -> datetime | None:
    """Return when they were last counted; None if never."""
    latest: datetime | None = PersonMonth.objects.aggregate(at=Max("counted_at"))["at"]
    return latest
