"""What is promised about the pages that watch the trial: 100 ms each and the same queries for any study."""

import statistics
import time
from http import HTTPStatus

from bench_study import BACKEND, Result, study
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from monitoring.services import count_dose
from monitoring.tasks import COUNTER
from quality.measures import Measure
from quality.rules import RULES
from quality.services import check_rule, count_people
from quality.tasks import CHECKER
from visits.models import VisitLog

TIMES = 20
# Whose, which, and what is chosen on it.
PAGES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("supervisora", "today", {}),
    ("encuestadora", "today", {}),
    ("investigadora", "today", {}),
    ("estadistica", "today", {}),
    ("administradora", "today", {}),
    ("seguridad", "today", {}),
    ("comite", "board_page", {}),
    ("administradora", "study_overview", {}),
    ("administradora", "trial_flow", {}),
    ("investigadora", "trial_flow", {}),
    ("administradora", "recruitment", {}),
    ("administradora", "station_weeks", {}),
    ("administradora", "wave_tracking", {}),
    ("administradora", "wave_attrition", {}),
    ("comite", "wave_attrition", {}),
    ("administradora", "visit_dose", {}),
    ("comite", "visit_dose", {}),
    ("administradora", "ledger", {}),
    ("comite", "ledger", {}),
    ("administradora", "quality_list", {}),
    ("supervisora", "quality_list", {}),
    ("administradora", "person_rates", {"measure": str(Measure.MET)}),
    ("administradora", "person_rates", {"measure": str(Measure.REFUSED)}),
    ("supervisora", "person_rates", {}),
    ("administradora", "back_check_rates", {}),
    ("encuestadora", "back_check_list", {}),
    ("administradora", "complaint_list", {}),
)


def watching() -> Result:
    """Open each page again and again at 1,600 women and twelve months; count people and the dose once."""
    with study(elapsed_months=12):
        now, clock = timezone.now(), time.perf_counter
        started = clock()
        rows = count_people(by=CHECKER, now=now)
        counted = clock() - started
        started = clock()
        count_dose(by=COUNTER, now=now)
        dosed = clock() - started
        for rule in RULES.values():
            check_rule(by=CHECKER, rule=rule, now=now)
        pages = {" ".join((name, user, *chosen.values())): _opened(user, name, chosen) for user, name, chosen in PAGES}
        slowest = max(pages, key=lambda page: pages[page]["p50_ms"])
        return {
            "logs": VisitLog.objects.count(),
            "count_people_seconds": round(counted, 2),
            "promised_count_people_seconds": 10,
            "count_dose_seconds": round(dosed, 2),
            "rows": rows,
            "slowest": slowest,
            "page_ms": pages[slowest]["p50_ms"],
            "promised_page_ms": 100,
            "pages": pages,
        }


def _opened(username: str, name: str, chosen: dict[str, str]) -> dict[str, float]:
    client, address = Client(SERVER_NAME="127.0.0.1"), reverse(name)
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    taken, used = [], time.process_time()
    client.get(address, chosen)
    for _ in range(TIMES):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, chosen)
        taken.append(1000 * (time.perf_counter() - started))
        if answer.status_code != HTTPStatus.OK:
            message = f"bench: {address} answered {answer.status_code}"
            raise SystemExit(message)
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "max_ms": round(max(taken), 1),
        "own_processor_ms": round(1000 * (time.process_time() - used) / (TIMES + 1), 1),
        "queries": len(queries),
    }
