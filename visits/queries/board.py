"""The supervisor's week: what stands against moving a visit, what was changed, who goes on how many."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from participants.queries import serving_station
from protocol.queries import current_protocol
from stations.models import Officer
from visits.choosing import Candidate, candidates
from visits.models import Visit, VisitChange
from visits.moving import DayChoice, day_choices
from visits.queries import planned_women, visited_participants
from visits.queries.staffing import station_duties, station_weeks
from visits.week_draft import first_plannable_day
from visits.weeks import WEEK, monday_of

Status = Visit.Status


@dataclass(frozen=True, slots=True)
class OfficerWeek:
    """An officer's week at a station: how many visits she can make on each day."""

    officer: Officer
    room: dict[date, int]


def taken_days(visit: Visit) -> set[date]:
    """Return the days of a visit's week on which another visit to her stands."""
    others = standing_of_week(visit.participant_id, monday_of(visit.planned_on)).exclude(pk=visit.pk)
    return set(others.values_list("planned_on", flat=True))


def standing_of_week(participant_id: int, monday: date) -> QuerySet[Visit]:
    """Return a woman's visits of a week that were not taken back, by day."""
    week = (monday, monday + WEEK - timedelta(days=1))
    visits = Visit.objects.filter(participant=participant_id, planned_on__range=week, is_unplanned=False)
    return visits.exclude(status=Status.SUPERSEDED).order_by("planned_on", "pk")


def choices_for(visit: Visit, now: datetime) -> tuple[DayChoice, ...]:
    """Return the days of a visit's week with what stands against each; none for a woman who is not visited now."""
    today = timezone.localdate(now)
    women = planned_women(visited_participants(today).filter(pk=visit.participant_id))
    if not women:
        return ()
    window = women[0].window(current_protocol().cadence)
    first_day = first_plannable_day(window, today=today, clock=timezone.localtime(now).time())
    monday = monday_of(visit.planned_on)
    return day_choices(women[0], monday=monday, first_day=first_day, taken=taken_days(visit))


def candidates_for(visit: Visit, now: datetime) -> list[tuple[Officer, Candidate, int]]:
    """Return the officers of a visit's station with what stands against each, and her visits to the woman lately.

    Whoever knows her comes first, then by code; none for a visit that is over.
    """
    weeks = station_weeks([visit.station_id], monday_of(visit.planned_on), now)
    standing = next((one for week in weeks for one in week.visits if one.visit.key == visit.pk), None)
    if standing is None:
        return []
    (week,) = weeks
    found = candidates(standing, week.visits, week.duties)
    officers = Officer.objects.select_related("user").in_bulk([one.officer for one in found])
    known = week.known.get(visit.participant_id, {})
    rows = [(officers[one.officer], one, known.get(one.officer, 0)) for one in found]
    return sorted(rows, key=lambda row: (-row[2], row[0].code))


def changes_of(visit: Visit) -> QuerySet[VisitChange]:
    """Return what was changed of a visit by hand, newest first."""
    return visit.changes.select_related("changed_by").order_by("-changed_at", "-pk")


def officers_of_week(user: User, monday: date) -> list[OfficerWeek]:
    """Return the officers who go on visits at her station that week, by code, with their room by day."""
    station = serving_station(user, timezone.localdate())
    if station is None:
        return []
    duties = station_duties([station.pk], monday, current_protocol().assignment).get(station.pk, [])
    officers = Officer.objects.select_related("user").in_bulk([duty.officer for duty in duties])
    days = [monday + timedelta(days=number) for number in range(WEEK.days)]
    weeks = [OfficerWeek(officers[duty.officer], {day: duty.room_on(day) for day in days}) for duty in duties]
    return sorted(weeks, key=lambda week: week.officer.code)


def visits_by_officer(visits: QuerySet[Visit]) -> dict[tuple[int | None, date], list[Visit]]:
    """Return visits by each of their officers and day; by None those that nobody goes to yet."""
    found: dict[tuple[int | None, date], list[Visit]] = defaultdict(list)
    for visit in visits.select_related("participant"):
        if not visit.officer_ids and visit.status == Status.PLANNED:
            found[None, visit.planned_on].append(visit)
        for officer in visit.officer_ids:
            found[officer, visit.planned_on].append(visit)
    return found
