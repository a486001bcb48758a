"""Who goes to the visits of a station's week: written in sets, after every plan, safe to do again at any time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from visits.queries import staffing
from visits.queries.staffing import Team
from visits.weeks import week_label

# The first half of an advisory lock; the station is the other. Weeks are told apart by their number.
_STAFF_LOCK = 0x73000000
_UPDATE = """
    UPDATE visits_visit
    SET first_officer_id = changed.first, second_officer_id = changed.second,
        officers_chosen = officers_chosen AND first_officer_id IS NOT DISTINCT FROM changed.first
            AND second_officer_id IS NOT DISTINCT FROM changed.second
    FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS changed(id, first, second)
    WHERE visits_visit.id = changed.id AND visits_visit.status = 'planned'
"""


@dataclass(frozen=True, slots=True)
class AssignmentCounts:
    """What assigning came to: visits whose officers changed, and visits that found no hands."""

    changed: int = 0
    unmet: int = 0

    def __add__(self, other: "AssignmentCounts") -> "AssignmentCounts":
        return AssignmentCounts(self.changed + other.changed, self.unmet + other.unmet)


@transaction.atomic
def assign_week(*, by: Actor, station_ids: Collection[int], monday: date, now: datetime) -> AssignmentCounts:
    """Give the open visits of these stations' week, from today on, the officers who go.

    Who was to go still goes, if she can; where hands are short the highest risk is served, and the rest stays planned
    without officers. Safe to run twice, and twice at once: where nothing changes nothing is written.
    """
    require(by, Permission.PLAN_VISITS)
    counts = write_teams(station_ids, (monday,), now)
    if counts.changed:
        record(
            actor=by,
            action="visits.assign_week",
            object_type="week",
            object_id=week_label(monday),
            details={"stations": len(station_ids), "changed": counts.changed, "unmet": counts.unmet},
        )
    return counts


def write_teams(station_ids: Collection[int], mondays: Collection[date], now: datetime) -> AssignmentCounts:
    """Hold these stations' weeks, and write who goes; inside the transaction of whoever calls."""
    hold_weeks(station_ids, mondays, now)
    return write_held_teams(station_ids, mondays, now)


def write_held_teams(station_ids: Collection[int], mondays: Collection[date], now: datetime) -> AssignmentCounts:
    """Write who goes, in weeks that `hold_weeks` holds."""
    counts = AssignmentCounts()
    for monday in mondays:
        changed, unmet = staffing.changed_teams(staffing.station_weeks(station_ids, monday, now))
        update_teams(changed)
        counts += AssignmentCounts(len(changed), len(unmet))
    return counts


def update_teams(changed: Mapping[UUID, Team]) -> None:
    """Write the officers of visits that are stored, in one statement."""
    if changed:
        sides = [[officer_at(team, place) for team in changed.values()] for place in range(2)]
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(changed), *sides])


def hold_weeks(
    station_ids: Collection[int], mondays: Collection[date], now: datetime, *, women: Collection[int] = ()
) -> None:
    """Hold the stations' weeks against others who assign them, then all their women by id, as whoever plans does.

    `women` are more to hold, who need not have an open visit: held after the others they could wait for ever.
    """
    with connection.cursor() as cursor:
        for monday in sorted(mondays):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, station) FROM unnest(%s::int[]) AS station ORDER BY station",
                [_STAFF_LOCK + monday.toordinal() // 7, sorted(station_ids)],
            )
    held = {
        visited
        for monday in mondays
        for visited in staffing.open_visits(station_ids, monday, now).values_list("participant", flat=True)
    }.union(women)
    list(Participant.objects.filter(pk__in=held).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def officer_at(team: Team, place: int) -> int | None:
    """Return the officer of a place in a team, None where nobody goes."""
    return team[place] if place < len(team) else None
