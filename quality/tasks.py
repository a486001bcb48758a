"""The nightly run over all data, safe to run twice."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.sweeping import each_by_itself
from accounts.tasks import study_task
from quality import services
from quality.rules import RULES, Rule

CHECKER = SystemActor("data checks", frozenset({Permission.CHECK_DATA}))


@study_task("quality.check_data")
def check_data() -> None:
    steps: tuple[Rule | None, ...] = (None, *RULES.values())
    each_by_itself(enumerate(steps), _check, job="quality.check_data", key=lambda numbered: numbered[0])


@study_task("quality.count_people")
def count_people() -> None:
    services.count_people(by=CHECKER, now=timezone.now())


def _check(numbered: tuple[int, Rule | None]) -> None:
    rule = numbered[1]
    if rule is None:
        services.mark_notes(by=CHECKER)
    else:
        services.check_rule(by=CHECKER, rule=rule, now=timezone.now())
