"""The planner at work: sweeps over what is due, and one woman at once where a page asked for it."""

from celery import shared_task
from django.utils import timezone

from participants.models import Participant
from visits import queries, services
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of


@shared_task(name="visits.plan_coming_week")
def plan_coming_week() -> None:
    monday = monday_of(timezone.localdate())
    for week in (monday, monday + WEEK):
        for station in queries.stations_to_plan(week):
            services.plan_week(by=PLANNER, monday=week, station_ids=[station], now=timezone.now())


@shared_task(name="visits.mark_missed")
def mark_missed() -> None:
    services.mark_missed(by=PLANNER, now=timezone.now())


@shared_task(name="visits.replan_pending")
def replan_pending() -> None:
    for participant_id in queries.participants_to_replan(timezone.localdate()):
        replan_participant(participant_id=participant_id)


@shared_task(name="visits.replan_participant")
def replan_participant(*, participant_id: int) -> None:
    participant = Participant.objects.get(pk=participant_id)
    services.replan_participant(by=PLANNER, participant=participant, now=timezone.now())
