"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivp_study.settings")

application = get_wsgi_application()
# Every view is read now: otherwise whoever a new worker answers first waits a second for them.
_addresses = get_resolver().url_patterns
