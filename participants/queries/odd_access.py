"""Access to cards as the audit has it, for the rules that find what is odd."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.models import Event, Link
from participants import due_visits
from participants.looking import LOOKS, Look
from participants.models import AccessNotice, Participant
from participants.odd_access import HOUR, Access, Limits, Oddity, night_of
from participants.queries.looking import PERSON
from protocol.queries import current_protocol

OPENINGS = frozenset(action for action, look in LOOKS.items() if look in {Look.CARD, Look.COPY})
REFUSALS = frozenset(action for action, look in LOOKS.items() if look == Look.REFUSED)
ACTS: dict[str, frozenset[str]] = {
    Oddity.MANY_CARDS: OPENINGS,
    Oddity.AT_NIGHT: OPENINGS,
    Oddity.NOT_DUE: REFUSALS,
}


def access_limits() -> Limits:
    """Return the limits of the protocol in force."""
    cards = current_protocol().cards
    return Limits(cards.many_cards_an_hour, cards.refusals_a_day, cards.night_from, cards.night_until)


def chain_reaches(after: int, *, at_most: int) -> int:
    """Return the position that the audit's chain has reached, no further than so many past `after`.

    Positions are given when a transaction commits, one after the other: all up to one that is seen are there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT least(coalesce(max(position), 0), %s) FROM audit_link", (after + at_most,))
        (position,) = cursor.fetchone()
    return int(position)


def access_events(after: int, until: int) -> list[Event]:
    """Return the acts with cards that joined the chain after one position, until another."""
    links = Link.objects.filter(position__gt=after, position__lte=until, event__action__in=OPENINGS | REFUSALS)
    return [link.event for link in links.select_related("event").order_by("position")]


def accesses_of(actors: Iterable[str], since: datetime, limits: Limits) -> list[Access]:
    """Return what these people did with cards since a moment, as the rules take it."""
    events = Event.objects.filter(actor__in=set(actors), action__in=OPENINGS | REFUSALS, at__gte=since).order_by("id")
    at_night = {event.object_id for event in events if night_of(timezone.localtime(event.at), limits)}
    women = dict(Participant.objects.filter(study_code__in=at_night).values_list("study_code", "pk"))
    return [_access(event, limits, women.get(event.object_id)) for event in events]


def acts_behind(notice: AccessNotice) -> QuerySet[Event]:
    """Return the acts that a notice of odd access speaks of, in their order; none for other notices."""
    if notice.window_from is None or notice.window_until is None or notice.user is None or notice.kind not in ACTS:
        return Event.objects.none()
    acts = Event.objects.filter(actor=notice.user.audit_name, action__in=ACTS[notice.kind])
    since = listed_from(notice.kind, notice.window_from)
    return acts.filter(at__gte=since, at__lt=notice.window_until).order_by("id")


def listed_from(kind: str, window_from: datetime) -> datetime:
    """Return from when on acts belong to a notice: of many cards in an hour, also those of the hour before."""
    return window_from - HOUR if kind == Oddity.MANY_CARDS else window_from


def odd_notices(users: Iterable[User], events: Sequence[Event]) -> list[AccessNotice]:
    """Return the notices of odd access that may speak of these events of these people, the newest first."""
    moments = [event.at for event in events]
    if not moments:
        return []
    notices = AccessNotice.objects.filter(user__in=list(users), kind__in=ACTS, window_until__gt=min(moments))
    return list(notices.filter(window_from__lte=max(moments) + HOUR).select_related("user").order_by("-pk"))


def _access(event: Event, limits: Limits, woman_id: int | None) -> Access:
    at = timezone.localtime(event.at)
    return Access(
        person=int(event.actor.removeprefix(PERSON)),
        woman=event.object_id,
        at=at,
        is_refused=event.action in REFUSALS,
        is_emergency=bool(event.details.get("emergency")),
        has_visit=woman_id is not None and night_of(at, limits) is not None and due_visits.has_visit_near(woman_id, at),
    )
