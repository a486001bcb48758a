"""The Celery application: workers and beat find their tasks and schedule through it."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivp_study.settings")

app = Celery("ivp_study")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def catch_up(**kwargs: Any) -> None:
    """Send every scheduled job once when beat starts: what fell due while it was down is not left to the next turn."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])
