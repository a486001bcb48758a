"""What is promised about the nightly checks of the data: every rule over 1,600 women and ten months."""

import time

from bench_study import Result, study
from django.utils import timezone

from quality.models import QualityQuery
from quality.rules import RULES
from quality.services import check_rule
from quality.tasks import CHECKER
from visits.models import VisitLog


def quality() -> Result:
    """Run every rule twice: the first night opens queries, the second finds the same. Promised: 30 s each."""
    with study():
        first, second = _night(), _night()
        return {
            "first_seconds": round(sum(first.values()), 2),
            "second_seconds": round(sum(second.values()), 2),
            "promised_first_seconds": 30,
            "promised_second_seconds": 30,
            "slowest": max(second, key=second.__getitem__),
            "logs": VisitLog.objects.count(),
            "queries": {code: QualityQuery.objects.filter(rule=code).count() for code in RULES},
        }


def _night() -> dict[str, float]:
    taken = {}
    for code, rule in RULES.items():
        started = time.perf_counter()
        check_rule(by=CHECKER, rule=rule, now=timezone.now())
        taken[str(code)] = time.perf_counter() - started
    return taken
