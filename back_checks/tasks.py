"""The nightly draw, safe to run twice."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.tasks import study_task
from back_checks import services

DRAWER = SystemActor("back-checks", frozenset({Permission.COORDINATE_SURVEYS}))


@study_task("back_checks.choose")
def choose() -> None:
    services.choose_back_checks(by=DRAWER, now=timezone.now())
