"""How plans and their visits are written; called by the planning services only, inside their transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from participants.models import Participant
from protocol.planning import Cadence
from protocol.queries import current_protocol
from stations.queries import risk_cadence_station_ids
from visits.models import Visit, VisitChange, WeekPlan
from visits.week_draft import PlannedWoman, WeekDraft, draft_week, first_plannable_day
from visits.weeks import WEEK, grace_end

Status = Visit.Status


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan about to be written for a woman; `before` are the visits that it takes the place of, by day."""

    woman: PlannedWoman
    draft: WeekDraft
    reason: WeekPlan.Reason
    number: int = 1
    before: Mapping[date, Visit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What planning came to: plans and visits written, and the visits that safe days did not allow."""

    plans: int = 0
    visits: int = 0
    shortfall: int = 0

    def __add__(self, other: "PlanCounts") -> "PlanCounts":
        return PlanCounts(self.plans + other.plans, self.visits + other.visits, self.shortfall + other.shortfall)


@dataclass(frozen=True, slots=True)
class Planner:
    """The rules of one planning run, read once: the cadence, the stations where the level counts, and the moment."""

    cadence: Cadence
    risk_stations: frozenset[int]
    now: datetime

    def draft(
        self, woman: PlannedWoman, monday: date, kept_on: Iterable[date], fixed: Collection[date] = ()
    ) -> WeekDraft:
        """Draft a woman's week from now on, around those of `kept_on` that a new plan cannot touch: `fixed`, too."""
        first_day = self.first_open_day(woman)
        return draft_week(
            woman,
            monday=monday,
            first_day=first_day,
            kept_on=[day for day in kept_on if day < first_day or day in fixed],
            cadence=self.cadence,
            uses_risk_levels=woman.enrolled_station_id in self.risk_stations,
        )

    def first_open_day(self, woman: PlannedWoman) -> date:
        """Return the first day on which a visit can still be planned for her, or moved."""
        local = timezone.localtime(self.now)
        return first_plannable_day(woman.window(self.cadence), today=local.date(), clock=local.time())

    def grace_ends(self, monday: date) -> dict[date, datetime]:
        """Return for each day of a week the moment from which its visits are missed."""
        zone, days = timezone.get_default_timezone(), [monday + timedelta(days=n) for n in range(WEEK.days)]
        return {day: grace_end(day, grace_hours=self.cadence.grace_hours, zone=zone) for day in days}


def planner_at(now: datetime) -> Planner:
    """Return the planner that the protocol and the locked allocation make."""
    return Planner(current_protocol().cadence, frozenset(risk_cadence_station_ids()), now)


def standing_days(participant_ids: Collection[int], monday: date) -> dict[int, list[date]]:
    """Return the days of a week on which a visit stands, by woman."""
    week = (monday, monday + WEEK - timedelta(days=1))
    visits = Visit.objects.filter(participant__in=participant_ids, planned_on__range=week)
    days: dict[int, list[date]] = defaultdict(list)
    for participant, day in visits.exclude(status=Status.SUPERSEDED).values_list("participant", "planned_on"):
        days[participant].append(day)
    return days


def made_up_days(plan: WeekPlan, standing: int) -> frozenset[date]:
    """Return the days of missed visits for which others were agreed: the week then has more than are due."""
    week = (plan.monday, plan.monday + WEEK - timedelta(days=1))
    visits = Visit.objects.filter(participant=plan.participant_id, planned_on__range=week, is_unplanned=False)
    agreed = visits.exclude(status=Status.SUPERSEDED).filter(
        changes__kind=VisitChange.Kind.ADDED, changes__undone_at=None
    )
    most = min(agreed.count(), standing - plan.target)
    if most <= 0:
        return frozenset()
    missed = visits.filter(status=Status.MISSED).order_by("planned_on")
    return frozenset(missed.values_list("planned_on", flat=True)[:most])


def next_numbers(participant_ids: Collection[int], monday: date) -> dict[int, int]:
    """Return the number of the next revision for the women who had a plan for that week before."""
    plans = WeekPlan.objects.filter(participant__in=participant_ids, monday=monday).order_by()
    return {woman: last + 1 for woman, last in plans.values_list("participant").annotate(Max("revision"))}


def write(planner: Planner, revisions: Collection[Revision], monday: date) -> list[WeekPlan]:
    """Write plans with their visits, in two statements; return the plans in the order given.

    On a day that had a visit before, the same officers go.
    """
    plans = WeekPlan.objects.bulk_create(
        WeekPlan(
            participant_id=revision.woman.participant_id,
            monday=monday,
            revision=revision.number,
            target=revision.draft.target,
            shortfall=revision.draft.shortfall,
            level=revision.woman.level,
            reason=revision.reason,
            planned_at=planner.now,
        )
        for revision in revisions
    )
    grace = planner.grace_ends(monday)
    Visit.objects.bulk_create(
        _visit(plan, revision, day, grace[day])
        for plan, revision in zip(plans, revisions, strict=True)
        for day in revision.draft.days
    )
    return plans


def _visit(plan: WeekPlan, revision: Revision, day: date, grace_ends_at: datetime) -> Visit:
    before, window = revision.before.get(day), revision.draft.window
    if window is None:
        raise ValueError("a day was drafted without hours")
    return Visit(
        plan=plan,
        participant_id=revision.woman.participant_id,
        station_id=revision.woman.station_id,
        planned_on=day,
        window_from=window[0],
        window_until=window[1],
        grace_ends_at=grace_ends_at,
        status_changed_at=plan.planned_at,
        first_officer_id=before.first_officer_id if before else None,
        second_officer_id=before.second_officer_id if before else None,
        officers_chosen=before.officers_chosen if before else False,
    )


def counted(revisions: Iterable[Revision]) -> PlanCounts:
    """Return what these plans come to."""
    counts = PlanCounts()
    for revision in revisions:
        counts += PlanCounts(1, len(revision.draft.days), revision.draft.shortfall)
    return counts


def stop_visits(participant: Participant, now: datetime) -> int:
    """Take back every visit from today on that nobody logged, and the plans they belong to; return how many visits."""
    today = timezone.localdate(now)
    standing = Visit.objects.filter(participant=participant, status=Status.PLANNED, planned_on__gte=today)
    stopped = standing.update(status=Status.SUPERSEDED, status_changed_at=now)
    plans = WeekPlan.objects.filter(participant=participant, superseded_at=None, monday__gt=today - WEEK)
    plans.update(superseded_at=now)
    return stopped
