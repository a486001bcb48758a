"""The planner at work: sweeps over what is due, and one woman at once where a page asked for it."""

from datetime import date

from django.utils import timezone

from accounts.sweeping import each_by_itself
from accounts.tasks import study_task
from participants.models import Participant
from visits import queries, services
from visits.queries import staffing
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

# So many stations are planned in one transaction, all or nothing.
STATIONS_A_TASK = 25


@study_task("visits.plan_coming_week")
def plan_coming_week() -> None:
    """Share the stations out over the workers; the first of them are planned here."""
    monday = monday_of(timezone.localdate())
    for week in (monday, monday + WEEK):
        stations = queries.stations_to_plan(week)
        for start in range(STATIONS_A_TASK, len(stations), STATIONS_A_TASK):
            plan_stations.delay(monday=week.isoformat(), station_ids=stations[start : start + STATIONS_A_TASK])
        if stations:
            plan_stations(monday=week.isoformat(), station_ids=stations[:STATIONS_A_TASK])


@study_task("visits.plan_stations")
def plan_stations(*, monday: str, station_ids: list[int]) -> None:
    """Plan a week for some stations and send their officers; one sent late plans nothing of a week that is over."""
    week = date.fromisoformat(monday)
    if week >= monday_of(timezone.localdate()):
        services.plan_week(by=PLANNER, monday=week, station_ids=station_ids, now=timezone.now())


@study_task("visits.mark_missed")
def mark_missed() -> None:
    services.mark_missed(by=PLANNER, now=timezone.now())


@study_task("visits.replan_pending")
def replan_pending() -> None:
    women = queries.participants_to_replan(timezone.localdate())
    each_by_itself(women, _replan, job="visits.replan_pending", key=lambda participant_id: participant_id)


@study_task("visits.replan_participant")
def replan_participant(*, participant_id: int) -> None:
    participant = Participant.objects.get(pk=participant_id)
    plans = services.replan_participant(by=PLANNER, participant=participant, now=timezone.now())
    for monday in sorted({plan.monday for plan in plans}):
        services.assign_week(by=PLANNER, monday=monday, station_ids=[participant.station_id], now=timezone.now())


@study_task("visits.assign_open")
def assign_open() -> None:
    weeks = staffing.station_weeks_to_staff(timezone.now())
    each_by_itself(weeks, _assign, job="visits.assign_open", key=lambda week: week[0])


@study_task("visits.raise_missed_in_a_row")
def raise_missed_in_a_row() -> None:
    services.raise_missed_in_a_row(by=PLANNER, now=timezone.now())


@study_task("visits.escalate_missed")
def escalate_missed() -> None:
    services.escalate_missed(by=PLANNER, now=timezone.now())


@study_task("visits.make_digests")
def make_digests() -> None:
    services.make_digests(by=PLANNER, now=timezone.now())


def _replan(participant_id: int) -> None:
    replan_participant(participant_id=participant_id)


def _assign(week: tuple[int, date]) -> None:
    station, monday = week
    services.assign_week(by=PLANNER, monday=monday, station_ids=[station], now=timezone.now())
