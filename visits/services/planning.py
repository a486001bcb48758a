"""Plans of weeks: made for everybody at once, and made anew for one woman."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from risk.models import CurrentRisk
from visits import queries
from visits.models import WeekPlan
from visits.queries import staffing
from visits.services import plan_writing
from visits.services.assigning import hold_weeks, update_teams
from visits.services.plan_writing import PlanCounts, Planner, Revision, stop_visits
from visits.services.week_fitting import fit_weeks
from visits.weeks import monday_of, week_label

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
    planner, today = plan_writing.planner_at(now), timezone.localdate(now)
    women = queries.planned_women(queries.visited_participants(today).filter(pk=locked.pk))
    plans = [plan for woman in women for plan in fit_weeks(planner, woman, monday_of(today))]
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
    if not women:
        return PlanCounts()
    ids = [woman.participant_id for woman in women]
    standing, numbers = plan_writing.standing_days(ids, monday), plan_writing.next_numbers(ids, monday)
    revisions = [
        Revision(
            woman,
            monday,
            planner.draft(woman, monday, standing[woman.participant_id], fixed=standing[woman.participant_id]),
            WeekPlan.Reason.WEEKLY,
            numbers.get(woman.participant_id, 1),
        )
        for woman in women
    ]
    drafted = plan_writing.drafted_visits(revisions)
    weeks = staffing.station_weeks(station_ids, monday, planner.now, drafted=drafted)
    teams, unmet = staffing.changed_teams(weeks)
    plan_writing.write(planner, revisions, plan_writing.with_teams(drafted, teams))
    new = {row.pk for row in drafted}
    update_teams({visit: team for visit, team in teams.items() if visit not in new})
    return plan_writing.counted(revisions, len(unmet))
