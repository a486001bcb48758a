"""What a person reads of her own, and what others read: numbers of hard visits, never what anybody answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from care.counting import shown_counts
from care.models import Debrief, DebriefQuerySet
from participants.queries import serving_station
from protocol.queries import current_protocol
from protocol.schema import Care
from stations.models import Posting

COUNTED_FOR = timedelta(days=90)
LAST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class CareCounts:
    """The offers of a time, how many were answered, and the answers by code; None where a number is too small."""

    offered: int | None
    answered: int | None
    by_feeling: dict[str, int | None]


def care_rules() -> Care:
    """Return what the protocol says of the care of those who visit and ask."""
    return current_protocol().care


def offers_waiting(user: User) -> DebriefQuerySet:
    """Return what was offered to a person and waits for her answer, the newest first."""
    return Debrief.objects.visible_to(user).waiting().order_by("-offered_at", "-pk")


def answers_of(user: User) -> list[Debrief]:
    """Return a person's last answers, the newest first: she alone reads them."""
    answered = Debrief.objects.visible_to(user).exclude(answered_at=None)
    return list(answered.order_by("-answered_at", "-pk")[:LAST_ANSWERS])


def was_offered(user: User, source_id: str) -> bool:
    """Say whether something was offered to a person after this visit or conversation and waits for her."""
    return offers_waiting(user).filter(source_id=source_id).exists()


def hard_times(user: User, now: datetime) -> int:
    """Return how many hard visits or conversations a person had within the protocol's days."""
    return Debrief.objects.filter(_lately(now), person=user).exclude(cause=Debrief.Cause.OWN).count()


def people_over_cap(user: User, now: datetime) -> QuerySet[User]:
    """Return those in a person's charge who had too many hard times lately, with `hard`, the most burdened first.

    A supervisor's are the officers of her station, an administrator's the interviewers. Counted is what happened, from
    logs and surveys that they read anyway; never what anybody said about it.
    """
    rules = care_rules()
    lately = Q(debriefs__offered_at__gt=now - timedelta(days=rules.within_days), debriefs__offered_at__lte=now)
    people = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.role == Role.ADMINISTRATOR:
        people = people.filter(role=Role.INTERVIEWER)
    else:
        today = timezone.localdate(now)
        station = serving_station(user, today)
        people = people.filter(pk__in=Posting.objects.serving(today).filter(station=station).values("officer__user"))
    hard = Count("debriefs", filter=lately & ~Q(debriefs__cause=Debrief.Cause.OWN))
    return people.annotate(hard=hard).filter(hard__gte=rules.hard_times).order_by("-hard", "username")


def care_counts(now: datetime) -> CareCounts:
    """Return the offers and answers of the whole study in the last days; no person, no station, no small number."""
    lately = Debrief.objects.filter(offered_at__gt=now - COUNTED_FOR, offered_at__lte=now)
    counted = dict(lately.exclude(feeling="").order_by().values_list("feeling").annotate(Count("pk")))
    feelings = {str(code): counted.get(code, 0) for code in Debrief.Feeling.values}
    waiting, answered = lately.filter(feeling="").count(), sum(feelings.values())
    totals = shown_counts({"answered": answered, "waiting": waiting})
    return CareCounts(
        offered=None if None in totals.values() else answered + waiting,
        answered=totals["answered"],
        by_feeling=shown_counts(feelings),
    )


def _lately(now: datetime) -> Q:
    return Q(offered_at__gt=now - timedelta(days=care_rules().within_days), offered_at__lte=now)
