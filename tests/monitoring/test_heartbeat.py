"""A real worker tells of the jobs it ran, and of those that failed."""

import time

import pytest
from celery import current_app
from django.utils import timezone

from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import JobHeartbeat
from tests.factories import ParticipantFactory, VisitFactory
from tests.fixtures.study import locked_draw
from tests.stations.test_concurrent_approval import lay_ground
from tests.visits.conftest import make_field
from visits.models import WeekPlan
from visits.weeks import WEEK, monday_of


def beat_of(job: str) -> JobHeartbeat:
    give_up_at = time.monotonic() + 180
    while (beat := JobHeartbeat.objects.filter(job=job, finished_at__isnull=False).first()) is None:
        assert time.monotonic() < give_up_at, f"{job} left no heartbeat"
        time.sleep(0.1)
    return beat


@pytest.mark.worker
@pytest.mark.requirement("F58", "N20")
def test_a_worker_leaves_a_heartbeat_of_what_ran_and_of_what_failed(committed_study, celery_worker_process):
    make_field()
    current_app.send_task("visits.mark_missed")
    beat = beat_of("visits.mark_missed")
    assert (beat.runs, beat.error) == (1, "")
    assert beat.started_at <= beat.succeeded_at == beat.finished_at

    current_app.send_task("visits.plan_coming_week", kwargs={"unknown": 1})
    failed = beat_of("visits.plan_coming_week")
    assert (failed.error, failed.succeeded_at) == ("TypeError", None)


@pytest.mark.worker
@pytest.mark.requirement("F10", "F58")
def test_beat_plans_this_week_and_the_next_and_marks_what_was_missed(committed_study, celery_worker_process, request):
    lay_ground()
    drawn = locked_draw().allocated.select_related("station")
    women = [ParticipantFactory(station=drawn.filter(arm=arm)[0].station) for arm in ("risk_scale", "control")]
    before = monday_of(timezone.localdate()) - WEEK
    forgotten = VisitFactory(plan__participant__station=women[0].station, plan__monday=before, planned_on=before)

    request.getfixturevalue("celery_beat_process")

    assert [beat_of(job).error for job in LONGEST_SILENCE] == [""] * len(LONGEST_SILENCE)
    monday = monday_of(timezone.localdate())
    # The plan, not its visits: late on a Sunday no day of this week is left for one.
    planned = set(WeekPlan.objects.values_list("participant", "monday").distinct())
    assert {(woman.pk, week) for woman in women for week in (monday, monday + WEEK)} <= planned
    forgotten.refresh_from_db()
    assert forgotten.status == "missed"
