"""The planner at work: sweeps over what is due, and one woman at once where a page asked for it."""

from datetime import date

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.sweeping import each_by_itself
from participants.models import Participant
from visits import queries, services
from visits.queries import staffing
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

# The database restarts, or two transactions met: soon over, and every service is all or nothing.
LOST_DATABASE = (OperationalError,)
# So many stations are planned in one transaction, all or nothing.
STATIONS_A_TASK = 25


@shared_task(name="visits.plan_coming_week", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def plan_coming_week() -> None:
    """Share the stations out over the workers; the first of them are planned here."""
    monday = monday_of(timezone.localdate())
    for week in (monday, monday + WEEK):
        stations = queries.stations_to_plan(week)
        for start in range(STATIONS_A_TASK, len(stations), STATIONS_A_TASK):
            plan_stations.delay(monday=week.isoformat(), station_ids=stations[start : start + STATIONS_A_TASK])
        if stations:
            plan_stations(monday=week.isoformat(), station_ids=stations[:STATIONS_A_TASK])


@shared_task(name="visits.plan_stations", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def plan_stations(*, monday: str, station_ids: list[int]) -> None:
    """Plan a week for some stations and send their officers; one sent late plans nothing of a week that is over."""
    week = date.fromisoformat(monday)
    if week >= monday_of(timezone.localdate()):
        services.plan_week(by=PLANNER, monday=week, station_ids=station_ids, now=timezone.now())


@shared_task(name="visits.mark_missed", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def mark_missed() -> None:
    services.mark_missed(by=PLANNER, now=timezone.now())


@shared_task(name="visits.replan_pending", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def replan_pending() -> None:
    women = queries.participants_to_replan(timezone.localdate())
    each_by_itself(women, _replan, job="visits.replan_pending", key=lambda participant_id: participant_id)


@shared_task(name="visits.replan_participant", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def replan_participant(*, participant_id: int) -> None:
    participant = Participant.objects.get(pk=participant_id)
    plans = services.replan_participant(by=PLANNER, participant=participant, now=timezone.now())
    for monday in sorted({plan.monday for plan in plans}):
        services.assign_week(by=PLANNER, monday=monday, station_ids=[participant.station_id], now=timezone.now())


@shared_task(name="visits.assign_open", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def assign_open() -> None:
    weeks = staffing.station_weeks_to_staff(timezone.now())
    each_by_itself(weeks, _assign, job="visits.assign_open", key=lambda week: week[0])


@shared_task(name="visits.raise_missed_in_a_row", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def raise_missed_in_a_row() -> None:
    services.raise_missed_in_a_row(by=PLANNER, now=timezone.now())


@shared_task(name="visits.escalate_missed", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def escalate_missed() -> None:
    services.escalate_missed(by=PLANNER, now=timezone.now())


@shared_task(name="visits.make_digests", autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
def make_digests() -> None:
    services.make_digests(by=PLANNER, now=timezone.now())


def _replan(participant_id: int) -> None:
    replan_participant(participant_id=participant_id)


def _assign(week: tuple[int, date]) -> None:
    station, monday = week
    services.assign_week(by=PLANNER, monday=monday, station_ids=[station], now=timezone.now())
