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
    steps: tuple[Rule | None, ...] = (None, *RULES.values())
    each_by_itself(enumerate(steps), _check, job="quality.check_data", key=lambda numbered: numbered[0])


@shared_task(name="quality.count_people", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def count_people() -> None:
    services.count_people(by=CHECKER, now=timezone.now())


def _check(numbered: tuple[int, Rule | None]) -> None:
    rule = numbered[1]
    if rule is None:
        services.mark_notes(by=CHECKER)
    else:
        services.check_rule(by=CHECKER, rule=rule, now=timezone.now())
