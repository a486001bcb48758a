"""The study in minutes in which calendars turn: its world is laid, every sweep runs, every page opens."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import may_open
from accounts.models import User
from accounts.roles import Role
from ivp_study.celery import app
from ivp_study.schedule import SWEEPS
from participants.safe_contact import LIMA
from simulation.loader import load_study
from simulation.world import WorldSettings
from tests.architecture.test_access import patterns
from tests.factories import UserFactory
from visits.models import Visit
from visits.weeks import WEEK, monday_of

MOMENTS = [
    pytest.param(datetime(2026, 12, 31, 23, 50, tzinfo=LIMA), id="the last of a year, in week 53"),
    pytest.param(datetime(2028, 2, 29, 0, 5, tzinfo=LIMA), id="the day that few years have"),
    pytest.param(datetime(2027, 3, 1, 0, 5, tzinfo=LIMA), id="a Monday, the first of a month"),
]


@pytest.mark.timeout(1800)
@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_study_goes_on(moment):
    with time_machine.travel(moment.astimezone(UTC)):
        now, today = timezone.now(), timezone.localdate()
        world = WorldSettings(seed=11, as_of=today, clusters=8, participants=48, elapsed_months=5)
        load_study(world, now=now, say=lambda _line: None)

        app.loader.import_default_modules()
        for sweep in SWEEPS.values():
            with transaction.atomic():
                app.tasks[sweep["task"]]()
        broken = [page for role in Role for page in broken_pages(role)]

    assert broken == []
    coming = Visit.objects.filter(status="planned", planned_on__gte=today)
    assert set(coming.values_list("plan__monday", flat=True)) == {monday_of(today), monday_of(today) + WEEK}


def broken_pages(role: str) -> Iterator[tuple[str, str]]:
    """Open every page of a role that is about nothing in particular."""
    client = Client(raise_request_exception=False)
    user = User.objects.filter(role=role).first() or UserFactory(role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    names = [pattern.name for pattern in patterns() if not pattern.pattern.converters and may_open(role, pattern.name)]
    for name in names:
        if is_broken(client.get(reverse(name))):
            yield role, name


def is_broken(answer: HttpResponseBase) -> bool:
    if answer.streaming:
        list(answer.streaming_content)  # which closes it
    return answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
