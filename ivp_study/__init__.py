"""Wiring: settings, addresses, the task queue, the private servers. No rule of the study lives here."""

from ivp_study.celery import app as celery_app

__all__ = ["celery_app"]
