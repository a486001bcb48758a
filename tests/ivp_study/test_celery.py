"""The task queue: real worker, real Valkey, schedules that name real tasks."""

import pytest
from django.conf import settings
from django.db import OperationalError

from ivp_study.celery import app


@pytest.mark.worker
def test_worker_answers_on_the_queue_of_this_study(celery_worker_process):
    answers = app.control.ping(timeout=120, limit=1)
    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]


def test_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()


def test_every_task_of_the_study_is_sent_again_when_it_lost_the_database():
    app.loader.import_default_modules()
    own = [task for name, task in app.tasks.items() if name.partition(".")[0] in settings.STUDY_APPS]
    assert len(own) >= 30
    assert [task.name for task in own if getattr(task, "autoretry_for", ()) != (OperationalError,)] == []


def test_task_acknowledges_late_and_keeps_no_result():
    assert app.conf.task_acks_late is True
    assert app.conf.task_ignore_result is True
    assert app.conf.task_always_eager is False
