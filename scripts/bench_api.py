"""What is promised about programs: the newest fifty logs with 200,000 stored, data sets by pages, one whole as CSV."""

import io
import math
import statistics
from typing import Any

from bench_study import Result, analyse, owner_cursor, page_figures, study, timed
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import make_token
from accounts.tokens import TokenScope
from panel.queries import datasets, rows_sql
from panel.row_pages import KEYS, page_sql
from panel.tables import find
from visits.models import VisitLog

LOGS, RUNS = 200_000, 5
# Every log and its visit again, some minutes apart, beside the plan.
AGAIN = """
    WITH copied AS (
        INSERT INTO visits_visit
        SELECT (jsonb_populate_record(v, jsonb_build_object(
                   'id', md5(v.id::text || n)::uuid, 'is_unplanned', true
               ))).*
        FROM visits_visit v JOIN visits_visitlog l ON l.visit_id = v.id CROSS JOIN generate_series(1, %(copies)s) n
        RETURNING id
    )
    INSERT INTO visits_visitlog
    SELECT (jsonb_populate_record(l, jsonb_build_object(
               'id', md5(l.id::text || n)::uuid, 'visit_id', md5(l.visit_id::text || n)::uuid,
               'received_at', l.received_at - n * interval '7 minutes'
           ))).*
    FROM visits_visitlog l CROSS JOIN generate_series(1, %(copies)s) n
"""


def api() -> Result:
    """List the newest logs and load a data set by a key. Promised: under 20 ms; the baseline is the bare COPY."""
    with study():
        copies = math.ceil(LOGS / VisitLog.objects.count()) - 1
        with owner_cursor() as cursor:
            cursor.execute(AGAIN, {"copies": copies})
        analyse()
        # The measurement asks more often than a program may.
        settings.TOKEN_CALLS_A_MINUTE = 10**9
        client = program_of(User.objects.get(username="estadistica"))
        newest = page_figures(client, "/api/v1/logs/")
        return {
            "newest_50": {**newest, "logs_stored": VisitLog.objects.count(), "promised_median_ms": 20},
            "csv": whole_csv(client),
            "pages": {name: row_pages(client, name) for name in KEYS},
        }


def row_pages(client: Client, name: str) -> Result:
    """Read a page of 1,000 rows and the one that follows it; the baseline cuts the same page out of the whole."""
    url = f"/api/v1/datasets/{name}/rows/"
    following = client.get(url).json()["next"]
    first = page_figures(client, url, times=20)
    found: Result = {"first_ms": first["median_ms"], "queries": first["queries"], "promised_first_ms": 300}
    if following:
        found |= {
            "following_ms": page_figures(client, following, times=20)["median_ms"],
            "promised_following_ms": 300,
        }
    statement, parameters = whole(name)
    page, own = page_sql(statement, key=KEYS[name], filters=[], after=None, limit=1001)

    def cut_out() -> None:
        with connection.cursor() as cursor:
            cursor.execute(page, {**parameters, **own})
            cursor.fetchall()

    return {**found, "cut_out_of_the_whole_ms": round(1000 * statistics.median(timed(cut_out, times=3)))}


def whole(name: str) -> tuple[str, dict[str, Any]]:
    """Return the statement of a data set with its parameters."""
    dataset = find(datasets(reads_arm=True), name)
    assert dataset is not None  # noqa: S101 (it is one of those declared)
    return rows_sql(dataset, today=timezone.localdate(), reads_arm=True)


def bare_copy(name: str) -> None:
    """Copy a data set out, whole."""
    statement, parameters = whole(name)
    with connection.cursor() as cursor:
        sql = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, HEADER)", io.BytesIO())


def program_of(user: User) -> Client:
    """Return a program that shows a key of this person's."""
    scopes = list(TokenScope)
    _token, text = make_token(by=user, purpose="Bench", scopes=scopes, days=7, now=timezone.now())
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {text}"})


def whole_csv(client: Client) -> Result:
    """Load the panel as CSV; the baseline is a bare COPY of the same query."""
    size = 0

    def load() -> None:
        nonlocal size
        answer: Any = client.get("/api/v1/datasets/panel_wave/rows/", headers={"Accept": "text/csv"})
        size = sum(len(piece) for piece in answer.streaming_content)

    seconds, plain = timed(load, times=RUNS), timed(lambda: bare_copy("panel_wave"), times=RUNS)
    return {
        "seconds": round(statistics.median(seconds), 2),
        "kilobytes": round(size / 1000),
        "promised_seconds": 2,
        "baseline": "COPY of the same query",
        "ratio_to_baseline": round(statistics.median(seconds) / statistics.median(plain), 2),
    }
