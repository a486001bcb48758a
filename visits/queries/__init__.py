"""What the planner, pages and other rooms read about plans and visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)
from django.db.models.functions import Coalesce, ExtractIsoWeekDay
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.ready_queries import Asked, ReadyQuery
from accounts.roles import POLICE_ROLES
from participants.consent_scopes import SCOPE_OF, Feature
from participants.models import Consent, Participant, ParticipantQuerySet
from participants.queries import consent_to, has_visit_override
from protocol.months import months_over
from protocol.queries import current_protocol
from risk.models import CurrentRisk
from risk.queries import latest_missing
from stations.models import Posting
from visits.models import Device, LogConflict, Visit, VisitLog, VisitQuerySet, WeekPlan
from visits.week_draft import PlannedWoman
from visits.weeks import WEEK

Status = Visit.Status


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The visits of one day: all of them, and those that a log has closed."""

    day: date
    planned: int
    logged: int

    @property
    def left(self) -> int:
        return self.planned - self.logged


def visited_participants(on: date) -> ParticipantQuerySet:
    """Return the women whom the study visits: in follow-up on that day, with consent to visits in force."""
    ended_before = months_over(on, current_protocol().followup_months)
    return Participant.objects.in_follow_up().filter(consent_to(Feature.PLAN_VISITS, on), enrolled_on__gt=ended_before)


def participants_without_plan(monday: date) -> ParticipantQuerySet:
    """Return the women to visit who have no plan in force for the week of that Monday."""
    plan = WeekPlan.objects.filter(participant=OuterRef("pk"), monday=monday, superseded_at=None)
    return visited_participants(monday).filter(~Exists(plan))


def stations_to_plan(monday: date) -> list[int]:
    """Return the ids of the stations that have women without a plan for that week."""
    women = participants_without_plan(monday)
    return list(women.order_by("station").values_list("station", flat=True).distinct())


def planned_women(participants: ParticipantQuerySet) -> list[PlannedWoman]:
    """Return what planning needs to know of these women, by id, in one query."""
    consent = Consent.objects.filter(participant=OuterRef("pk"), scope=SCOPE_OF[Feature.PLAN_VISITS], ended_at=None)
    rows = participants.order_by("pk").values_list(
        "pk",
        "station_id",
        "enrolled_station_id",
        "current_risk__level",
        "safe_contact__safe_weekdays",
        "safe_contact__safe_from",
        "safe_contact__safe_until",
        "enrolled_on",
        Subquery(consent.values("lapses_on")),
        "current_risk__level_rank",
    )
    return [
        PlannedWoman(
            participant_id=pk,
            station_id=station,
            enrolled_station_id=enrolled_station,
            level=level or "",
            safe_weekdays=frozenset(weekdays or ()),
            safe_hours=None if safe_from is None else (safe_from, safe_until),
            enrolled_on=enrolled_on,
            consent_lapses_on=lapses_on,
            level_rank=rank,
        )
        for pk, station, enrolled_station, level, weekdays, safe_from, safe_until, enrolled_on, lapses_on, rank in rows
    ]


def participants_to_replan(today: date) -> list[int]:
    """Return the ids of the women whose plan no longer fits, by id.

    Their level changed and no planner has looked yet; or a visit after today stands for a woman who is no longer
    visited, on a day when her consent no longer counts, outside of her safe days and hours without an exception, or for
    a station that no longer cares for her.
    """
    pending = CurrentRisk.objects.filter(replan_pending=True).values_list("participant", flat=True)
    # Each question by itself goes along an index or over a table once; as one, all are asked of every visit.
    causes = (_no_longer_visited(today), _after_consent_lapsed(today), _out_of_station_or_safe_times(today))
    return sorted(set(pending).union(*causes))


def _no_longer_visited(today: date) -> QuerySet[Any, int]:
    later = Visit.objects.filter(status=Status.PLANNED, planned_on__gt=today, participant=OuterRef("pk"))
    women = Participant.objects.filter(Exists(later)).exclude(pk__in=visited_participants(today).values("pk"))
    return women.order_by("pk").values_list("pk", flat=True)


def _after_consent_lapsed(today: date) -> QuerySet[Any, int]:
    later = Visit.objects.filter(status=Status.PLANNED, planned_on__gt=today, participant=OuterRef("participant"))
    given = Consent.objects.filter(scope=SCOPE_OF[Feature.PLAN_VISITS], ended_at=None, lapses_on__isnull=False)
    lapsed = given.filter(Exists(later.filter(planned_on__gte=OuterRef("lapses_on"))))
    return lapsed.order_by("participant").values_list("participant", flat=True)


def _out_of_station_or_safe_times(today: date) -> QuerySet[Any, int]:
    later = Visit.objects.filter(status=Status.PLANNED, planned_on__gt=today)
    outside_safe_times = (
        ~Q(participant__safe_contact__safe_weekdays__contains=[F("weekday")])
        | Q(window_from__lt=F("participant__safe_contact__safe_from"))
        | Q(window_until__gt=F("participant__safe_contact__safe_until"))
    )
    unfit = later.annotate(weekday=ExtractIsoWeekDay("planned_on")).filter(
        ~Q(station=F("participant__station")) | outside_safe_times & ~Q(has_visit_override())
    )
    return unfit.order_by().values_list("participant", flat=True)


def visits_between(user: User, first: date, last: date) -> VisitQuerySet:
    """Return the visits of some days of the station where a person serves, each with `is_mine`; in no order."""
    is_mine = Q(first_officer__user=user) | Q(second_officer__user=user)
    return (
        _listed(user)
        .filter(planned_on__range=(first, last))
        .annotate(is_mine=Coalesce(ExpressionWrapper(is_mine, output_field=BooleanField()), False))
    )


def visits_on(user: User, day: date) -> VisitQuerySet:
    """Return a day's visits of the station where a person serves: her own first, each with `is_mine`.

    Then the highest level first, then by hour and code.
    """
    return visits_between(user, day, day).order_by(
        F("is_mine").desc(),
        F("participant__current_risk__level_rank").desc(nulls_last=True),
        "window_from",
        "participant__study_code",
        "pk",
    )


def visits_to_explain(user: User) -> VisitQuerySet:
    """Return the missed visits of her station that nobody has explained, the oldest first."""
    return (
        _listed(user)
        .filter(status=Status.MISSED, missed_reason="")
        .order_by("planned_on", "participant__study_code", "pk")
    )


def day_counts(user: User, days: Iterable[date]) -> list[DayCounts]:
    """Return how many visits each of the days has, and how many were logged, in one query."""
    wanted = list(days)
    logged = Count("pk", filter=Q(status__in=(Status.DONE, Status.ATTEMPTED)))
    rows = (
        Visit.objects.visible_to(user)
        .exclude(status=Status.SUPERSEDED)
        .filter(planned_on__in=wanted)
        .order_by()
        .values_list("planned_on")
        .annotate(planned=Count("pk"), logged=logged)
    )
    counted = {day: DayCounts(day, planned, done) for day, planned, done in rows}
    return [counted.get(day, DayCounts(day, 0, 0)) for day in wanted]


def plan_made_at(user: User, monday: date) -> datetime | None:
    """Return when the newest plan in force for that week was made at her station, with visits or without; or None."""
    here = Posting.objects.station_of(user)
    plans = WeekPlan.objects.filter(monday=monday, superseded_at=None, participant__station=here)
    return plans.order_by("-planned_at", "-pk").values_list("planned_at", flat=True).first()


def plans_of_week(user: User, monday: date) -> QuerySet[WeekPlan]:
    """Return the plans in force of a week at her station, by study code, each with its woman and its visits."""
    return (
        WeekPlan.objects.filter(monday=monday, superseded_at=None, participant__in=Participant.objects.visible_to(user))
        .select_related("participant")
        .order_by("participant__study_code", "pk")
    )


def visits_of_week(user: User, monday: date) -> VisitQuerySet:
    """Return the visits of a week at her station that still stand, by day."""
    week = (monday, monday + WEEK - timedelta(days=1))
    visits = Visit.objects.visible_to(user).exclude(status=Status.SUPERSEDED)
    visits = visits.filter(planned_on__range=week, is_unplanned=False)
    visits = visits.select_related("first_officer", "second_officer")
    return visits.order_by("planned_on", "pk")


def has_visit_between(participant_id: int, first: date, last: date) -> bool:
    """Say whether a visit to a woman stands on any of these days, whatever became of it."""
    standing = Visit.objects.filter(participant=participant_id, planned_on__range=(first, last))
    return standing.exclude(status=Status.SUPERSEDED).exists()


def has_visit_near(participant_id: int, at: datetime) -> bool:
    """Say whether the hours of a visit to a woman lie at a moment, begin within an hour, or ended two hours ago.

    Also over midnight: a card that is opened then may belong to the visit of the day before or of the next.
    """
    local = timezone.localtime(at)
    soon, lately = local + timedelta(hours=1), local - timedelta(hours=2)
    near = Q()
    for day in {lately.date(), local.date(), soon.date()}:
        near |= Q(
            planned_on=day,
            window_from__lte=soon.time() if soon.date() == day else time.max,
            window_until__gte=lately.time() if lately.date() == day else time.min,
        )
    return Visit.objects.filter(near, participant=participant_id).exclude(status=Status.SUPERSEDED).exists()


def visits_in_reach(user: User) -> VisitQuerySet:
    """Return every visit of her station, taken back or not, with all that a page about one shows."""
    return (
        Visit.objects.visible_to(user)
        .select_related(
            "participant__current_risk", "participant__safe_contact", "log", "first_officer", "second_officer"
        )
        .annotate(latest_missing=latest_missing("participant"))
    )


def oldest_unsent() -> datetime | None:
    """Return since when the oldest record waits on any phone in use, by that phone's clock; None if none does."""
    waiting = Device.objects.in_use().filter(unsent_count__gt=0)
    return waiting.aggregate(oldest=Min("oldest_unsent_at"))["oldest"]


def conflicts_to_decide(user: User) -> QuerySet[LogConflict]:
    """Return the conflicts of her station that nobody has decided, the oldest first."""
    listed = LogConflict.objects.visible_to(user).undecided().select_related("visit__participant")
    return listed.order_by("received_at", "pk")


def conflicts_in_reach(user: User) -> QuerySet[LogConflict]:
    """Return every conflict of her station with all that a page about one shows."""
    return LogConflict.objects.visible_to(user).select_related(
        "visit__participant__vault_key", "log", "first_by", "second_by", "decided_by"
    )


def waiting_correction(visit: Visit) -> LogConflict | None:
    """Return the other log of a visit that nobody has decided about."""
    return LogConflict.objects.undecided().filter(visit=visit).order_by("received_at", "pk").first()


def may_correct(user: User, visit: Visit) -> bool:
    """Say whether somebody may say what a log should have said: there is one, and she logs visits."""
    return user.has(Permission.LOG_VISITS) and hasattr(visit, "log")


def logs_with_breaches(user: User) -> QuerySet[VisitLog]:
    """Return the logs of her station that break a soft rule, the newest first."""
    listed = VisitLog.objects.visible_to(user).exclude(breaches=[]).select_related("visit__participant")
    return listed.order_by("-received_at", "-pk")


def next_visit(participant: Participant, today: date) -> Visit | None:
    """Return the next visit planned for a woman from today on, None where there is none."""
    coming = Visit.objects.filter(participant=participant, status=Status.PLANNED, planned_on__gte=today)
    return coming.order_by("planned_on", "window_from", "pk").first()


def visits_to_log(user: User) -> VisitQuerySet:
    """Return every visit of her station, also to a woman who went over to another since."""
    return Visit.objects.loggable_by(user).select_related("participant", "log")


def visit_to_log(user: User, visit_id: UUID, today: date) -> Visit | None:
    """Return one visit of `visits_to_log` by its id, for whoever logs it by itself; None out of scope."""
    return _VISIT_TO_LOG.first(visit=visit_id, user=user.pk, today=today) if user.role in POLICE_ROLES else None


_VISIT_TO_LOG = ReadyQuery(
    lambda: (
        Visit.objects.filter(
            pk=Asked("visit", UUIDField()),
            station=Posting.objects.station_of(Asked("user", BigIntegerField()), Asked("today", DateField())),
        )
        .order_by()
        .only("participant")
    )
)


def _listed(user: User) -> VisitQuerySet:
    return (
        Visit.objects.visible_to(user)
        .exclude(status=Status.SUPERSEDED)
        .select_related(
            "participant__current_risk",
            "participant__safe_contact",
            "participant__sealed_card",
            "participant__vault_key",
            "log",
            "first_officer",
            "second_officer",
        )
        .annotate(latest_missing=latest_missing("participant"))
    )
