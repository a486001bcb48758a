"""The queries that a person looks at."""

from dataclasses import dataclass

from django.db.models import Case, QuerySet, When

from accounts.models import User
from quality.models import QualityQuery, QualityQueryQuerySet, QueryStep
from quality.states import State


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which queries to list; nothing: those that wait, of any rule and station."""

    state: str = ""
    rule: str = ""
    station: int | None = None


def queries_chosen(user: User, chosen: Chosen) -> QualityQueryQuerySet:
    """Return the queries of a choice that a person may see, those to answer first and the longest due above."""
    found = QualityQuery.objects.visible_to(user).select_related("participant", "person")
    found = found.filter(state=chosen.state) if chosen.state else found.waiting()
    if chosen.rule:
        found = found.filter(rule=chosen.rule)
    if chosen.station is not None:
        found = found.filter(station=chosen.station)
    return found.order_by(Case(When(state=State.OPEN, then=0), default=1), "due_on", "id")


def thread_of(query: QualityQuery) -> QuerySet[QueryStep]:
    """Return the steps of a query as they came about, with who took them."""
    return query.steps.select_related("by")
