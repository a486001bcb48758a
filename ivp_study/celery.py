"""The Celery application: workers and beat find their tasks and schedule through it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivp_study.settings")

app = Celery("ivp_study")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
