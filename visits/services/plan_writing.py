"""How plans and their visits are written; called by the planning services only, inside their transaction."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from participants.models import Participant
from protocol.planning import Cadence
from protocol.queries import current_protocol
from stations.queries import risk_cadence_station_ids
from visits.models import Visit, WeekPlan
from visits.queries.staffing import OpenRow, Team
from visits.services.assigning import officer_at
from visits.week_draft import PlannedWoman, WeekDraft, draft_week, first_plannable_day
from visits.weeks import WEEK, grace_end, monday_of

Status = Visit.Status
# The officers of a visit, and whether a supervisor chose them.
Crew = tuple[int | None, int | None, bool]
_INSERT_PLANS = """
    INSERT INTO visits_weekplan (participant_id, monday, revision, target, shortfall, level, reason, planned_at)
    SELECT woman, monday, revision, target, shortfall, level, reason, %(now)s
    FROM unnest(%(women)s::bigint[], %(mondays)s::date[], %(revisions)s::smallint[], %(targets)s::smallint[],
        %(shortfalls)s::smallint[], %(levels)s::text[], %(reasons)s::text[])
        AS plan(woman, monday, revision, target, shortfall, level, reason)
    RETURNING participant_id, monday, id
"""
_INSERT_VISITS = """
    INSERT INTO visits_visit (id, plan_id, participant_id, station_id, planned_on, window_from, window_until,
        grace_ends_at, first_officer_id, second_officer_id, officers_chosen, day_chosen, status, status_changed_at,
        missed_reason, is_unplanned)
    SELECT id, plan, woman, station, %(first)s::date + day, start, until, (%(graces)s::timestamptz[])[day + 1],
        first, second, chosen, false, 'planned', %(now)s, '', false
    FROM unnest(%(ids)s::uuid[], %(plans)s::bigint[], %(women)s::bigint[], %(stations)s::bigint[], %(days)s::int[],
        %(starts)s::time[], %(ends)s::time[], %(firsts)s::bigint[], %(seconds)s::bigint[], %(chosen)s::boolean[])
        AS visit(id, plan, woman, station, day, start, until, first, second, chosen)
"""


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan about to be written for a woman's week.

    `before` says who was to go on the visits that it takes the place of, by day.
    """

    woman: PlannedWoman
    monday: date
    draft: WeekDraft
    reason: WeekPlan.Reason
    number: int = 1
    before: Mapping[date, Crew] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What planning came to: plans and visits written, visits that safe days did not allow, visits without hands."""

    plans: int = 0
    visits: int = 0
    shortfall: int = 0
    unmet: int = 0

    def __add__(self, other: "PlanCounts") -> "PlanCounts":
        return PlanCounts(
            self.plans + other.plans,
            self.visits + other.visits,
            self.shortfall + other.shortfall,
            self.unmet + other.unmet,
        )


@dataclass(frozen=True, slots=True)
class Planner:
    """The rules of one planning run, read once: the cadence, the stations where the level counts, and the moment.

    `local` is that moment by the study's clocks.
    """

    cadence: Cadence
    risk_stations: frozenset[int]
    now: datetime
    local: datetime

    def draft(
        self, woman: PlannedWoman, monday: date, kept_on: Iterable[date], fixed: Collection[date] = ()
    ) -> WeekDraft:
        """Draft a woman's week from now on, around those of `kept_on` that a new plan cannot touch.

        These are the days that have begun, and the `fixed` ones, which get no second visit in any case.
        """
        first_day = self.first_open_day(woman)
        return draft_week(
            woman,
            monday=monday,
            first_day=first_day,
            kept_on=[day for day in kept_on if day < first_day or day in fixed],
            cadence=self.cadence,
            uses_risk_levels=woman.enrolled_station_id in self.risk_stations,
            taken=fixed,
        )

    def first_open_day(self, woman: PlannedWoman) -> date:
        """Return the first day on which a visit can still be planned for her, or moved."""
        return first_plannable_day(woman.window(self.cadence), today=self.local.date(), clock=self.local.time())

    def grace_end(self, day: date) -> datetime:
        """Return the moment from which a visit of that day is missed."""
        return grace_end(day, grace_hours=self.cadence.grace_hours, zone=timezone.get_default_timezone())


def planner_at(now: datetime) -> Planner:
    """Return the planner that the protocol and the locked allocation make."""
    local = timezone.localtime(now)
    return Planner(current_protocol().cadence, frozenset(risk_cadence_station_ids()), now, local)


def standing_days(participant_ids: Collection[int], monday: date) -> dict[int, list[date]]:
    """Return the days of a week on which a planned visit stands, by woman; those beside the plan fill none (ADR 24)."""
    week = (monday, monday + WEEK - timedelta(days=1))
    visits = Visit.objects.filter(participant__in=participant_ids, planned_on__range=week, is_unplanned=False)
    days: dict[int, list[date]] = defaultdict(list)
    for participant, day in visits.exclude(status=Status.SUPERSEDED).values_list("participant", "planned_on"):
        days[participant].append(day)
    return days


def next_numbers(participant_ids: Collection[int], monday: date) -> dict[int, int]:
    """Return the number of the next revision for the women who had a plan for that week before."""
    plans = WeekPlan.objects.filter(participant__in=participant_ids, monday=monday).order_by()
    return {woman: last + 1 for woman, last in plans.values_list("participant").annotate(Max("revision"))}


def drafted_visits(revisions: Collection[Revision]) -> list[OpenRow]:
    """Return the visits of plans about to be written; on a day that had a visit before, the same officers go."""
    ids = iter(_new_ids(sum(len(revision.draft.days) for revision in revisions)))
    return [_drafted(next(ids), revision, day) for revision in revisions for day in revision.draft.days]


def with_teams(drafted: Iterable[OpenRow], teams: Mapping[UUID, Team]) -> list[OpenRow]:
    """Return visits about to be written with their officers."""
    return [
        row._replace(first=officer_at(team, 0), second=officer_at(team, 1))
        if (team := teams.get(row.pk)) is not None
        else row
        for row in drafted
    ]


def write(
    planner: Planner, revisions: Collection[Revision], drafted: Collection[OpenRow]
) -> dict[tuple[int, date], int]:
    """Write plans, at least one, with their visits, in two statements; return the plans' ids by woman and Monday."""
    first = min(revision.monday for revision in revisions)
    last = max(revision.monday for revision in revisions)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_PLANS,
            {
                "now": planner.now,
                "women": [revision.woman.participant_id for revision in revisions],
                "mondays": [revision.monday for revision in revisions],
                "revisions": [revision.number for revision in revisions],
                "targets": [revision.draft.target for revision in revisions],
                "shortfalls": [revision.draft.shortfall for revision in revisions],
                "levels": [revision.woman.level for revision in revisions],
                "reasons": [str(revision.reason) for revision in revisions],
            },
        )
        plans = {(woman, monday): pk for woman, monday, pk in cursor.fetchall()}
        mondays = {day: monday_of(day) for day in {row.day for row in drafted}}
        cursor.execute(
            _INSERT_VISITS,
            {
                "first": first,
                "now": planner.now,
                "graces": [planner.grace_end(first + timedelta(days=n)) for n in range((last + WEEK - first).days)],
                "ids": [row.pk.hex for row in drafted],
                "plans": [plans[row.woman, mondays[row.day]] for row in drafted],
                "women": [row.woman for row in drafted],
                "stations": [row.station_id for row in drafted],
                "days": [(row.day - first).days for row in drafted],
                "starts": [row.window_from.isoformat() for row in drafted],
                "ends": [row.window_until.isoformat() for row in drafted],
                "firsts": [row.first for row in drafted],
                "seconds": [row.second for row in drafted],
                "chosen": [row.are_chosen for row in drafted],
            },
        )
    return plans


def _drafted(pk: UUID, revision: Revision, day: date) -> OpenRow:
    woman, before, window = revision.woman, revision.before.get(day), revision.draft.window
    if window is None:
        raise ValueError("a day was drafted without hours")
    row = OpenRow(pk, woman.station_id, woman.participant_id, day, *window, woman.level_rank)
    return row if before is None else row._replace(first=before[0], second=before[1], are_chosen=before[2])


def _new_ids(count: int) -> list[UUID]:
    """Return random ids; the system is asked for all of their bytes at once."""
    drawn = os.urandom(16 * count)
    return [UUID(bytes=drawn[start : start + 16], version=4) for start in range(0, 16 * count, 16)]


def counted(revisions: Collection[Revision], unmet: int = 0) -> PlanCounts:
    """Return what these plans come to."""
    drafts = [revision.draft for revision in revisions]
    visits, shortfall = sum(len(draft.days) for draft in drafts), sum(draft.shortfall for draft in drafts)
    return PlanCounts(len(drafts), visits, shortfall, unmet)


def stop_visits(participant: Participant, now: datetime) -> int:
    """Take back every visit from today on that nobody logged, and the plans they belong to; return how many visits."""
    today = timezone.localdate(now)
    standing = Visit.objects.filter(participant=participant, status=Status.PLANNED, planned_on__gte=today)
    stopped = standing.update(status=Status.SUPERSEDED, status_changed_at=now)
    plans = WeekPlan.objects.filter(participant=participant, superseded_at=None, monday__gt=today - WEEK)
    plans.update(superseded_at=now)
    return stopped
