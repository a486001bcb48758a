"""One woman's weeks fitted to how she stands now: what stays, what makes way, what is planned anew."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from participants.queries import has_visit_override
from visits import queries
from visits.models import Visit, VisitChange, WeekPlan
from visits.services import plan_writing
from visits.services.plan_writing import Planner, Revision
from visits.week_draft import PlannedWoman, WeekDraft
from visits.weeks import WEEK

Reason, Status = WeekPlan.Reason, Visit.Status


class _HerVisit(NamedTuple):
    """A visit as planning sees it; `is_excepted` from her safe times, `is_agreed` where a supervisor added it."""

    pk: UUID
    day: date
    status: str
    station_id: int
    window_from: time
    window_until: time
    first: int | None
    second: int | None
    officers_chosen: bool
    day_chosen: bool
    is_unplanned: bool
    is_excepted: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class _HerWeek:
    """A week of hers: its plan in force, the number of its next one, and its visits by day, whatever their state."""

    monday: date
    plan: WeekPlan | None
    number: int
    visits: tuple[_HerVisit, ...]

    def standing_days(self) -> list[date]:
        """Return the days on which a visit of the plan stands, but those of missed visits that were made up for.

        Visits beside the plan fill none (ADR 24).
        """
        standing = [visit for visit in self.visits if visit.status != Status.SUPERSEDED and not visit.is_unplanned]
        if self.plan is None:
            return [visit.day for visit in standing]
        most = max(min(sum(visit.is_agreed for visit in standing), len(standing) - self.plan.target), 0)
        missed = [visit.day for visit in standing if visit.status == Status.MISSED]
        return [visit.day for visit in standing if visit.day not in missed[:most]]

    def open_visits(self, woman: PlannedWoman, first_day: date) -> list[_HerVisit]:
        """Return the visits that a new plan may still move.

        None that an exception allows as it is; one of a station that no longer cares for her stands for nobody.
        """
        return [
            visit
            for visit in self.visits
            if visit.status == Status.PLANNED
            and visit.day >= first_day
            and not (visit.is_excepted and visit.station_id == woman.station_id)
        ]

    def fixed_days(self, woman: PlannedWoman) -> frozenset[date]:
        """Return the days that no new plan touches, begun or not.

        Their visit is over (logged before her hours began, say), or stands by an exception from her safe times.
        """
        standing = [visit for visit in self.visits if visit.status != Status.SUPERSEDED and not visit.is_unplanned]
        return frozenset(
            visit.day
            for visit in standing
            if visit.status != Status.PLANNED or (visit.is_excepted and visit.station_id == woman.station_id)
        )


@dataclass(frozen=True, slots=True)
class _Fit:
    """A new plan for a week, and the visits that make way for it."""

    replaced: WeekPlan | None
    revision: Revision
    making_way: tuple[UUID, ...]


def fit_weeks(planner: Planner, woman: PlannedWoman, monday: date) -> list[WeekPlan]:
    """Write her plans anew, from the week of `monday` to the last one planned, where they no longer fit; return them.

    This week and the next get a plan where there is none. To be called with her row held.
    """
    fits = [fit for week in _weeks_to_fit(woman, monday) if (fit := _fit(planner, woman, week)) is not None]
    if not fits:
        return []
    making_way = [visit for fit in fits for visit in fit.making_way]
    Visit.objects.filter(pk__in=making_way).update(status=Status.SUPERSEDED, status_changed_at=planner.now)
    replaced = [fit.replaced.pk for fit in fits if fit.replaced is not None]
    WeekPlan.objects.filter(pk__in=replaced).update(superseded_at=planner.now)
    revisions = [fit.revision for fit in fits]
    plans = plan_writing.write(planner, revisions, plan_writing.drafted_visits(revisions))
    return list(WeekPlan.objects.filter(pk__in=plans.values()).order_by("monday"))


def _weeks_to_fit(woman: PlannedWoman, monday: date) -> list[_HerWeek]:
    """Return this week, the next if she is still visited then, and later ones that have a plan."""
    plans = list(WeekPlan.objects.filter(participant=woman.participant_id, monday__gte=monday).order_by("monday"))
    in_force = {plan.monday: plan for plan in plans if plan.superseded_at is None}
    is_visited_then = queries.visited_participants(monday + WEEK).filter(pk=woman.participant_id).exists()
    coming = {monday + WEEK} if is_visited_then else set()
    visits = _visits_from(woman, monday)
    return [
        _HerWeek(
            week,
            in_force.get(week),
            1 + max((plan.revision for plan in plans if plan.monday == week), default=0),
            tuple(visit for visit in visits if week <= visit.day < week + WEEK),
        )
        for week in sorted({monday, *coming, *in_force})
    ]


def _visits_from(woman: PlannedWoman, monday: date) -> list[_HerVisit]:
    """Return her visits from a day on, by day, in one query."""
    added = VisitChange.objects.filter(visit=OuterRef("pk"), kind=VisitChange.Kind.ADDED, undone_at=None)
    rows = (
        Visit.objects.filter(participant=woman.participant_id, planned_on__gte=monday)
        .order_by("planned_on", "pk")
        .values_list(
            "pk", "planned_on", "status", "station_id", "window_from", "window_until", "first_officer_id",
            "second_officer_id", "officers_chosen", "day_chosen", "is_unplanned", has_visit_override(), Exists(added),
        )
    )  # fmt: skip
    return [_HerVisit(*row) for row in rows]


def _fit(planner: Planner, woman: PlannedWoman, week: _HerWeek) -> _Fit | None:
    """Return what takes a plan's place if it no longer fits, or is the first one; None where nothing changes."""
    first_day = planner.first_open_day(woman)
    open_visits = week.open_visits(woman, first_day)
    draft, chosen = _drafted_around_chosen(planner, woman, week, open_visits)
    making_way = [visit for visit in open_visits if visit.day not in chosen]
    if week.plan is None:
        reason = Reason.WEEKLY if week.number == 1 else Reason.STATUS_CHANGED
        return _Fit(None, _revision(woman, week, draft, reason, making_way), ())
    changed = _reason_to_replan(week.plan, draft, making_way, woman.station_id)
    if changed is None:
        return None
    revision = _revision(woman, week, draft, changed, making_way)
    return _Fit(week.plan, revision, tuple(visit.pk for visit in making_way))


def _revision(
    woman: PlannedWoman, week: _HerWeek, draft: WeekDraft, reason: WeekPlan.Reason, before: Collection[_HerVisit]
) -> Revision:
    crews = {visit.day: (visit.first, visit.second, visit.officers_chosen) for visit in before}
    return Revision(woman, week.monday, draft, reason, week.number, crews)


def _drafted_around_chosen(
    planner: Planner, woman: PlannedWoman, week: _HerWeek, open_visits: Collection[_HerVisit]
) -> tuple[WeekDraft, frozenset[date]]:
    """Draft a week around the days that a supervisor chose; return it, and those of them that stay.

    They stay where her station can still visit her at those hours, the earliest first, and never above what is due.
    """
    standing, fixed = week.standing_days(), week.fixed_days(woman)
    draft = planner.draft(woman, week.monday, standing, fixed=fixed)
    first_day = planner.first_open_day(woman)
    fitting = [
        visit.day
        for visit in open_visits
        if visit.day_chosen
        and visit.station_id == woman.station_id
        and woman.may_be_visited(visit.day)
        and (visit.window_from, visit.window_until) == draft.window
    ]
    kept = sum(day < first_day or day in fixed for day in set(standing))
    chosen = frozenset(fitting[: max(draft.target - kept, 0)])
    if not chosen:
        return draft, chosen
    return planner.draft(woman, week.monday, standing, fixed=fixed | chosen), chosen


def _reason_to_replan(
    plan: WeekPlan, draft: WeekDraft, making_way: Collection[_HerVisit], station_id: int
) -> WeekPlan.Reason | None:
    """Say why a plan no longer fits, None where the new one would be the same."""
    if any(visit.station_id != station_id for visit in making_way):
        return Reason.STATION_CHANGED
    if plan.target != draft.target:
        return Reason.LEVEL_CHANGED
    planned = [(visit.day, (visit.window_from, visit.window_until)) for visit in making_way]
    return None if planned == [(day, draft.window) for day in draft.days] else Reason.SAFE_TIMES_CHANGED
