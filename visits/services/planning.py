"""Plans of weeks: made for everybody at once, and made anew for one woman."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.queries import has_visit_override
from risk.models import CurrentRisk
from visits import queries
from visits.models import Visit, WeekPlan
from visits.queries import staffing
from visits.services import plan_writing
from visits.services.assigning import hold_weeks, update_teams
from visits.services.plan_writing import PlanCounts, Planner, Revision, stop_visits
from visits.week_draft import PlannedWoman, WeekDraft
from visits.weeks import WEEK, monday_of, week_label

Reason, Status = WeekPlan.Reason, Visit.Status
# So many stations, with all their women, are in memory at once.
STATIONS_A_CHUNK = 25
# The first half of an advisory lock, weeks told apart by their number; the station is the other.
_WEEK_LOCK = 0x61000000


class WeekIsOver(StudyError):
    """What is past cannot be planned."""

    code = "week_is_over"
    message = _("This week is over: only the current week and later ones can be planned.")
    http_status = 422


@transaction.atomic
def plan_week(*, by: Actor, monday: date, station_ids: Collection[int], now: datetime) -> PlanCounts:
    """Plan a week for the women of these stations who have no plan for it, and send their officers.

    The plans of others stay as they are. All or nothing; safe to run twice, and twice at once. `monday` begins the
    week. Raise WeekIsOver.
    """
    require(by, Permission.PLAN_VISITS)
    if monday < monday_of(timezone.localdate(now)):
        raise WeekIsOver
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, station) FROM unnest(%s::int[]) AS station ORDER BY station",
            [_WEEK_LOCK + monday.toordinal() // 7, sorted(station_ids)],
        )
    missing = queries.participants_without_plan(monday).filter(station__in=station_ids)
    station_of = dict(missing.order_by("station", "pk").values_list("pk", "station"))
    stations = sorted(set(station_of.values()))
    # Whoever changes a woman's status, safe times or plan holds her row: what is read after the lock stays true.
    hold_weeks(stations, (monday,), now, women=station_of)
    planner, counts = plan_writing.planner_at(now), PlanCounts()
    for start in range(0, len(stations), STATIONS_A_CHUNK):
        chunk = frozenset(stations[start : start + STATIONS_A_CHUNK])
        held = [woman for woman, station in station_of.items() if station in chunk]
        counts += _plan_stations(planner, chunk, held, monday)
    record(
        actor=by,
        action="visits.plan_week",
        object_type="week",
        object_id=week_label(monday),
        details={
            "stations": len(station_ids),
            "plans": counts.plans,
            "visits": counts.visits,
            "unmet": counts.unmet,
        },
    )
    return counts


@transaction.atomic
def replan_participant(*, by: Actor, participant: Participant, now: datetime) -> list[WeekPlan]:
    """Fit a woman's plans, from this week to the last one planned, to her level, safe times and status.

    Return the new revisions; this week and the next get a plan where there is none. Visits that were logged, were
    missed or have begun stay; later ones are superseded and kept as history. Where nothing changes nothing is
    written, so that it is safe to run twice. Clears `CurrentRisk.replan_pending`.
    """
    require(by, Permission.PLAN_VISITS)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    planner, ids = plan_writing.planner_at(now), list[int]()
    today = timezone.localdate(now)
    women = queries.planned_women(queries.visited_participants(today).filter(pk=locked.pk))
    for woman in women:
        for monday in _weeks_to_fit(woman, monday_of(today)):
            plan = _replan_week(planner, woman, monday)
            ids += [] if plan is None else [plan]
    plans = list(WeekPlan.objects.filter(pk__in=ids).order_by("monday")) if ids else []
    if not women:
        stop_visits(locked, now)
    CurrentRisk.objects.filter(participant=locked, replan_pending=True).update(replan_pending=False)
    record(
        actor=by,
        action="visits.replan",
        object_type="participant",
        object_id=locked.study_code,
        details={"weeks": [week_label(plan.monday) for plan in plans], "is_visited": bool(women)},
    )
    return plans


def _plan_stations(planner: Planner, station_ids: Collection[int], held: Collection[int], monday: date) -> PlanCounts:
    """Plan for those of the women held who are without a plan still, and share all visits of their stations out."""
    missing = queries.participants_without_plan(monday).filter(station__in=station_ids, pk__in=held)
    women = queries.planned_women(missing)
    ids = [woman.participant_id for woman in women]
    standing, numbers = plan_writing.standing_days(ids, monday), plan_writing.next_numbers(ids, monday)
    revisions = [
        Revision(
            woman,
            planner.draft(woman, monday, standing[woman.participant_id]),
            Reason.WEEKLY,
            numbers.get(woman.participant_id, 1),
        )
        for woman in women
    ]
    drafted = plan_writing.drafted_visits(revisions)
    weeks = staffing.station_weeks(station_ids, monday, planner.now, drafted=drafted)
    teams, unmet = staffing.changed_teams(weeks)
    plan_writing.write(planner, revisions, plan_writing.with_teams(drafted, teams), monday)
    new = {row.pk for row in drafted}
    update_teams({visit: team for visit, team in teams.items() if visit not in new})
    return plan_writing.counted(revisions, len(unmet))


def _weeks_to_fit(woman: PlannedWoman, monday: date) -> list[date]:
    """Return the Mondays of this week, the next if she is still visited then, and later ones that have a plan."""
    later = WeekPlan.objects.filter(participant=woman.participant_id, superseded_at=None, monday__gt=monday)
    is_visited_then = queries.visited_participants(monday + WEEK).filter(pk=woman.participant_id).exists()
    coming = {monday + WEEK} if is_visited_then else set()
    return sorted({monday, *coming, *later.values_list("monday", flat=True)})


def _replan_week(planner: Planner, woman: PlannedWoman, monday: date) -> int | None:
    """Supersede a woman's plan for a week if it no longer fits; return the new one's id, or None."""
    ids = (woman.participant_id,)
    plan = WeekPlan.objects.filter(participant=woman.participant_id, monday=monday, superseded_at=None).first()
    standing = plan_writing.standing_days(ids, monday)[woman.participant_id]
    made_up = frozenset() if plan is None else plan_writing.made_up_days(plan, len(standing))
    standing = [day for day in standing if day not in made_up]
    draft, chosen = _drafted_around_chosen(planner, woman, monday, standing)
    number = plan_writing.next_numbers(ids, monday).get(woman.participant_id, 1)
    open_visits = [visit for visit in _open_visits(planner, woman, monday) if visit.planned_on not in chosen]
    if plan is not None:
        reason = _reason_to_replan(plan, draft, open_visits, woman.station_id)
        if reason is None:
            return None
        later = Visit.objects.filter(pk__in=[visit.pk for visit in open_visits])
        later.update(status=Status.SUPERSEDED, status_changed_at=planner.now)
        WeekPlan.objects.filter(pk=plan.pk).update(superseded_at=planner.now)
    else:
        reason = Reason.WEEKLY if number == 1 else Reason.STATUS_CHANGED
    before = {visit.planned_on: visit for visit in open_visits}
    revisions = [Revision(woman, draft, reason, number, before)]
    return plan_writing.write(planner, revisions, plan_writing.drafted_visits(revisions), monday)[woman.participant_id]


def _drafted_around_chosen(
    planner: Planner, woman: PlannedWoman, monday: date, standing: Collection[date]
) -> tuple[WeekDraft, frozenset[date]]:
    """Draft a week around the days that a supervisor chose; return it, and those of them that stay.

    They stay where her station can still visit her at those hours, the earliest first, and never above what is due.
    """
    overridden = _overridden_days(woman, monday)
    draft = planner.draft(woman, monday, standing, fixed=overridden)
    first_day = planner.first_open_day(woman)
    fitting = [
        visit.planned_on
        for visit in _open_visits(planner, woman, monday)
        if visit.day_chosen
        and visit.station_id == woman.station_id
        and woman.may_be_visited(visit.planned_on)
        and (visit.window_from, visit.window_until) == draft.window
    ]
    kept = sum(day < first_day or day in overridden for day in set(standing))
    chosen = frozenset(fitting[: max(draft.target - kept, 0)])
    if not chosen:
        return draft, chosen
    return planner.draft(woman, monday, standing, fixed=overridden | chosen), chosen


def _open_visits(planner: Planner, woman: PlannedWoman, monday: date) -> list[Visit]:
    """Return the visits of a week that a new plan may still move.

    None that an exception allows as it is; one of a station that no longer cares for her stands for nobody.
    """
    visits = Visit.objects.filter(participant=woman.participant_id, status=Status.PLANNED)
    visits = visits.exclude(Q(has_visit_override()), station=woman.station_id)
    first_day = max(monday, planner.first_open_day(woman))
    return list(visits.filter(planned_on__gte=first_day, planned_on__lt=monday + WEEK).order_by("planned_on"))


def _overridden_days(woman: PlannedWoman, monday: date) -> frozenset[date]:
    """Return the days of a week whose planned visit stands by an exception from her safe times."""
    week = (monday, monday + WEEK - timedelta(days=1))
    visits = Visit.objects.filter(
        participant=woman.participant_id, station=woman.station_id, status=Status.PLANNED, planned_on__range=week
    )
    return frozenset(visits.filter(has_visit_override()).values_list("planned_on", flat=True))


def _reason_to_replan(
    plan: WeekPlan, draft: WeekDraft, open_visits: Collection[Visit], station_id: int
) -> WeekPlan.Reason | None:
    """Say why a plan no longer fits, None where the new one would be the same."""
    if any(visit.station_id != station_id for visit in open_visits):
        return Reason.STATION_CHANGED
    if plan.target != draft.target:
        return Reason.LEVEL_CHANGED
    planned = [(visit.planned_on, (visit.window_from, visit.window_until)) for visit in open_visits]
    return None if planned == [(day, draft.window) for day in draft.days] else Reason.SAFE_TIMES_CHANGED
