"""Missed visits that lack their reason, and a station's day in counts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import User
from participants.queries import serving_station
from protocol.queries import current_protocol
from safety.rules import is_missed_in_a_row
from visits.models import StationDigest, Visit, VisitQuerySet, WeekPlan
from visits.weeks import WEEK, monday_of

Status = Visit.Status


def to_tell_supervisor(missed_before: datetime) -> VisitQuerySet:
    """Return the missed visits without a reason since before a moment, of which the supervisor was not told."""
    return _unexplained().filter(escalated_at=None, status_changed_at__lte=missed_before)


def to_tell_safety(told_before: datetime, levels: Collection[str]) -> VisitQuerySet:
    """Return those that the supervisor has known of since before a moment, of women who hold one of these levels."""
    known = _unexplained().filter(safety_told_at=None, escalated_at__lte=told_before)
    return known.filter(participant__current_risk__level__in=levels)


def missed_in_a_row(now: datetime) -> dict[int, Visit]:
    """Return, by woman, the last visit of those at a high level whose last visits were all missed, lately.

    How many, within how many days and at which levels: protocol, parts [safety] and [escalation].
    """
    rules, levels = current_protocol().safety, current_protocol().escalation.levels
    today = timezone.localdate(now)
    within = timedelta(days=rules.missed_within_days)
    # A visit is missed once its hours of grace are over, so that the last one may lie some days back.
    ended = Visit.objects.filter(
        status__in=(Status.DONE, Status.ATTEMPTED, Status.MISSED),
        planned_on__gte=today - 2 * within,
        participant__current_risk__level__in=levels,
    )
    # Few missed as many at all: only theirs are looked through.
    missed = ended.filter(status=Status.MISSED).order_by().values("participant").annotate(times=Count("pk"))
    ended = ended.filter(participant__in=missed.filter(times__gte=rules.missed_visits).values("participant"))
    by_woman: dict[int, list[Visit]] = defaultdict(list)
    for visit in ended.order_by("participant", "-planned_on", "pk"):
        by_woman[visit.participant_id].append(visit)
    return {
        woman: visits[0]
        for woman, visits in by_woman.items()
        if is_missed_in_a_row(
            [(visit.planned_on, visit.status == Status.MISSED) for visit in visits],
            visits=rules.missed_visits,
            within_days=rules.missed_within_days,
        )
        and visits[0].planned_on >= today - within
    }


def station_counts(now: datetime, station_ids: Collection[int] | None = None) -> dict[int, dict[str, int]]:
    """Return the counts of `StationDigest` for every station that has any, or of these stations, in two queries."""
    today = timezone.localdate(now)
    monday = monday_of(today)
    visits, plans = Visit.objects.order_by(), WeekPlan.objects.order_by()
    if station_ids is not None:
        visits, plans = visits.filter(station__in=station_ids), plans.filter(participant__station__in=station_ids)
    planned, unexplained = Q(status=Status.PLANNED), Q(status=Status.MISSED, missed_reason="")
    rows = (
        visits.filter(planned | unexplained)
        .values_list("station")
        .annotate(
            planned=Count("pk", filter=planned & Q(planned_on=today)),
            without_officers=Count(
                "pk", filter=planned & Q(planned_on__gte=today, planned_on__lt=monday + WEEK, first_officer=None)
            ),
            late=Count("pk", filter=planned & Q(planned_on__lt=today)),
            unexplained=Count("pk", filter=unexplained),
            escalated=Count("pk", filter=unexplained & Q(escalated_at__isnull=False)),
        )
    )
    names = ("planned", "without_officers", "late", "unexplained", "escalated")
    counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*names, "short"), 0))
    for station, *numbers in rows:
        counts[station].update(zip(names, numbers, strict=True))
    short = plans.filter(monday=monday, superseded_at=None, shortfall__gt=0).values_list("participant__station")
    for station, lacking in short.annotate(lacking=Sum("shortfall")):
        counts[station]["short"] = lacking
    return dict(counts)


def digest_for(user: User, on: date) -> StationDigest | None:
    """Return what was counted for her station on the morning of a day."""
    station = serving_station(user, on)
    return StationDigest.objects.filter(station=station, made_for=on).first() if station else None


def _unexplained() -> VisitQuerySet:
    return Visit.objects.filter(status=Status.MISSED, missed_reason="")
