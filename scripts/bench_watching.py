"""What is promised about the pages of differences and complaints: 100 ms and the same queries for any study."""

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
from quality.measures import Measure
from quality.services import count_people
from quality.tasks import CHECKER
from visits.models import VisitLog

TIMES = 20
PAGES = (
    ("administradora", "person_rates", {"measure": str(Measure.MET)}),
    ("administradora", "person_rates", {"measure": str(Measure.REFUSED)}),
    ("supervisora", "person_rates", {}),
    ("administradora", "complaint_list", {}),
    ("comite", "board_page", {}),
)


def watching() -> Result:
    """Open each page again and again at 1,600 women and twelve months, and count people once."""
    with study(elapsed_months=12):
        started = time.perf_counter()
        rows = count_people(by=CHECKER, now=timezone.now())
        counted = time.perf_counter() - started
        return {
            "logs": VisitLog.objects.count(),
            "count_people_seconds": round(counted, 2),
            "promised_count_people_seconds": 10,
            "rows": rows,
            "promised_page_ms": 100,
            "pages": {
                " ".join((name, user, *chosen.values())): _opened(user, name, chosen) for user, name, chosen in PAGES
            },
        }


def _opened(username: str, name: str, chosen: dict[str, str]) -> dict[str, float]:
    client, address = Client(), reverse(name)
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    taken = []
    client.get(address, chosen)
    for _ in range(TIMES):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, chosen)
        taken.append(1000 * (time.perf_counter() - started))
        if answer.status_code != HTTPStatus.OK:
            message = f"bench: {address} answered {answer.status_code}"
            raise SystemExit(message)
    return {"p50_ms": round(statistics.median(taken), 1), "max_ms": round(max(taken), 1), "queries": len(queries)}
