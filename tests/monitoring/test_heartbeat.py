"""A real worker tells of the jobs it ran, and of those that failed."""

import time

import pytest
from celery import current_app

from monitoring.models import JobHeartbeat
from tests.visits.conftest import make_field


def beat_of(job: str) -> JobHeartbeat:
    give_up_at = time.monotonic() + 30
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
