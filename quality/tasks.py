"""The nightly run over all data, safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.sweeping import each_by_itself
from quality import services
from quality.rules import RULES, Rule

CHECKER = SystemActor("data checks", frozenset({Permission.CHECK_DATA}))


@shared_task(name="quality.check_data", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def check_data() -> None:
    each_by_itself(enumerate(RULES.values()), _check, job="quality.check_data", key=lambda numbered: numbered[0])


def _check(numbered: tuple[int, Rule]) -> None:
    services.check_rule(by=CHECKER, rule=numbered[1], now=timezone.now())
