"""Two workers that run the night at once: one finds, the other finds that it was found."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Event
from quality.models import QualityQuery, QueryStep
from quality.rules import RULES, Rule, RuleCode
from quality.services import check_rule
from quality.states import State
from quality.tasks import CHECKER
from tests.factories import NOW
from tests.quality.conftest import logged, make_team

LATE = RULES[RuleCode.LATE_LOG]


def run_at_once(runs: int, rule: Rule = LATE) -> list[object]:
    together = Barrier(runs)

    def night(_number: int) -> object:
        together.wait()
        try:
            return check_rule(by=CHECKER, rule=rule, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(runs) as pool:
        return list(pool.map(night, range(runs)))


@pytest.mark.requirement("F27", "N13")
def test_two_nights_at_once_ask_once_and_close_once(committed_study):
    team = make_team()
    for _woman in range(3):
        logged(team.woman(), team.officer, NOW - timedelta(days=30), sent_after=timedelta(days=20))

    done = run_at_once(2)

    assert sorted(one.opened for one in done) == [0, 3]
    assert QualityQuery.objects.filter(state=State.OPEN).count() == 3
    assert list(QueryStep.objects.values_list("kind", flat=True)) == ["opened"] * 3
    assert Event.objects.filter(action="quality.check_rule").count() == 1
    # and when nothing is found any more
    done = run_at_once(2, replace(LATE, limits={"days": 60}))

    assert sorted(one.closed for one in done) == [0, 3]
    assert QualityQuery.objects.filter(state=State.CLOSED).count() == 3
    assert QueryStep.objects.filter(kind="closed").count() == 3
