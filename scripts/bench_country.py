"""What is promised about planning at national scale: 100,000 women in 1,500 stations, and ten million visits stored.

The women are those of the simulated study, written many times over by the database itself; every station is as usual.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import partial

import psutil  # type: ignore[import-untyped]
import psycopg2
from bench_study import CHECKOUT, DATABASE, Result, analyse, in_milliseconds, study, timed
from celery import current_app
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ivp_study.databases import with_database
from ivp_study.embedded import resolve_urls
from participants.models import Participant
from simulation.groundwork import SIMULATION
from visits.models import Visit, WeekPlan
from visits.queries import participants_without_plan
from visits.services import replan_participant
from visits.weeks import WEEK, monday_of

STATIONS, WOMEN, OFFICERS_A_STATION, WORKERS = 1500, 100_000, 8, 2
VISITS_STORED = 10_000_000
BACKEND = "django.contrib.auth.backends.ModelBackend"
WORKER = [sys.executable, "-m", "celery", "-A", "ivp_study", "worker", "--concurrency", "1", "--loglevel", "ERROR"]

COPIES = (
    """
    INSERT INTO stations_station (code, district_id, name, officers, officers_women, family_violence_officers,
        family_violence_officers_women)
    SELECT 'N' || n, (SELECT min(ubigeo) FROM stations_district), 'Estación ' || n, 80, 9, 4, 2
    FROM generate_series(1, %(stations)s) AS n
    """,
    """
    INSERT INTO stations_officer (code, is_woman)
    SELECT 'N' || n, true FROM generate_series(1, %(stations)s * %(officers)s) AS n
    """,
    """
    INSERT INTO stations_posting (officer_id, station_id, starts_on, withdrawn_reason)
    SELECT officer.id, station.id, '2020-01-01', ''
    FROM stations_officer AS officer
    JOIN stations_station AS station ON station.code = 'N' || (1 + substr(officer.code, 2)::int %% %(stations)s)
    WHERE officer.code LIKE 'N%%'
    """,
)


def national() -> Result:
    """Plan a week for 100,000 women with two workers; serve an officer's list out of ten million visits.

    Promised: 60 s and 500 MB; a constant number of queries; a re-plan of one woman in 50 ms.
    """
    with study():
        multiply()
        analyse()
        before = WeekPlan.objects.count()
        seconds, megabytes = planned_by_workers()
        made = WeekPlan.objects.count() - before
        replanned = timed_replans()
        store_visits()
        analyse()
        return {
            "women": Participant.objects.count(),
            "plans": made,
            "visits_planned": Visit.objects.filter(plan__planned_at__date=timezone.localdate()).count(),
            "seconds": round(seconds, 1),
            "promised_seconds": 60,
            "megabytes_of_all_workers": round(megabytes),
            "promised_megabytes": 500,
            "replan_one_woman": in_milliseconds(replanned),
            "promised_replan_ms": 50,
            "list_with_ten_million": list_figures(),
        }


def multiply() -> None:
    """Write stations, officers and women until there are as many as in the whole country."""
    words = {"stations": STATIONS, "officers": OFFICERS_A_STATION}
    with connection.cursor() as cursor:
        for statement in COPIES:
            cursor.execute(statement, words)
        copy_women(cursor)


def copy_women(cursor: CursorWrapper) -> None:
    """Copy each enrolled woman with her safe times, consent to visits and level, to the new stations in turn."""
    fields = [str(field.column) for field in Participant._meta.concrete_fields if field.column != "id"]  # noqa: SLF001
    own = {
        "study_code": "'N' || copy.n",
        "station_id": "(SELECT id FROM stations_station WHERE code = 'N' || (1 + copy.n %% %(stations)s))",
        "enrolled_station_id": "(SELECT id FROM stations_station WHERE code = 'N' || (1 + copy.n %% %(stations)s))",
    }
    chosen = ", ".join(own.get(field, f"woman.{field}") for field in fields)
    words = {"women": WOMEN, "stations": STATIONS}
    cursor.execute(
        """
        CREATE TEMP TABLE copy AS
        WITH model AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
            FROM participants_participant WHERE status = 'enrolled')
        SELECT n, model.id AS original FROM generate_series(1, %(women)s) AS n JOIN model ON place = n %% many
        """,
        words,
    )
    cursor.execute(
        f"INSERT INTO participants_participant ({', '.join(fields)}) SELECT {chosen}"  # noqa: S608 - names of our own
        " FROM copy JOIN participants_participant AS woman ON woman.id = copy.original",
        words,
    )
    cursor.execute(
        """
        CREATE TEMP TABLE copied AS
        SELECT woman.id, copy.original FROM copy JOIN participants_participant AS woman ON study_code = 'N' || copy.n
        """
    )
    for model in ("safecontactplan", "consent"):
        copy_rows(cursor, f"participants_{model}")


def copy_rows(cursor: CursorWrapper, table: str) -> None:
    """Copy a table's rows of each original woman to her copies."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
        " AND is_generated = 'NEVER'",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    chosen = ", ".join("copied.id" if column == "participant_id" else f"old.{column}" for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen}"  # noqa: S608 - names of our own
        f" FROM copied JOIN {table} AS old ON old.participant_id = copied.original"
    )


def planned_by_workers() -> tuple[float, float]:
    """Let two workers plan this week and the next; return the seconds and the megabytes that they took at most."""
    environment = {**os.environ, "IVP_LOG_LEVEL": "ERROR"}
    with ExitStack() as stack:
        workers = [
            stack.enter_context(subprocess.Popen(WORKER, cwd=CHECKOUT, env=environment)) for _n in range(WORKERS)
        ]
        time.sleep(12)
        most, started = 0.0, time.perf_counter()
        current_app.send_task("visits.plan_coming_week")
        monday = monday_of(timezone.localdate()) + WEEK
        while participants_without_plan(monday).exists() or queued():
            most = max(most, sum(map(memory_of, workers)))
            time.sleep(0.5)
        seconds = time.perf_counter() - started
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
    # Both weeks were planned; one is promised.
    return seconds / 2, most


def queued() -> bool:
    """Say whether visits still wait for officers who have room: the last thing that a task does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
        )
        return bool(cursor.fetchone()[0])


def memory_of(worker: subprocess.Popen[bytes]) -> float:
    """Return the megabytes that a worker and its child hold for themselves."""
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    return sum(process.memory_full_info().uss for process in family) / 2**20


def timed_replans() -> list[float]:
    """Return the seconds that re-planning one woman took, after a change of her hours each."""
    seconds = []
    for woman in Participant.objects.filter(study_code__startswith="N").order_by("pk")[:100]:
        woman.safe_contact.safe_from = woman.safe_contact.safe_from.replace(minute=30)
        woman.safe_contact.save()
        replan = partial(replan_participant, by=SIMULATION, participant=woman, now=timezone.now())
        seconds += timed(replan)
    return seconds


FILL = """
    INSERT INTO visits_visit (id, plan_id, participant_id, station_id, planned_on, window_from, window_until,
        grace_ends_at, officers_chosen, day_chosen, status, status_changed_at, missed_reason)
    SELECT gen_random_uuid(), plan.id, plan.participant_id, woman.station_id, day::date, '09:00', '18:00',
        day + interval '2 days', false, false, 'done', day, ''
    FROM generate_series(current_date - 30 - %s, current_date - 31, interval '1 day') AS day
    CROSS JOIN visits_weekplan AS plan
    JOIN participants_participant AS woman ON woman.id = plan.participant_id AND woman.study_code LIKE 'N%%'
    WHERE plan.monday = %s AND plan.superseded_at IS NULL
"""
FOREIGN_KEYS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'visits_visit'::regclass AND contype = 'f'
"""


def store_visits() -> None:
    """Fill the table up to ten million visits, done in the months gone by; foreign keys are looked at afterwards."""
    days = -(-(VISITS_STORED - Visit.objects.count()) // WOMEN)
    owner = psycopg2.connect(with_database(resolve_urls().owner_database, DATABASE))
    with owner, owner.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        keys = cursor.fetchall()
        for name, _definition in keys:
            cursor.execute(f'ALTER TABLE visits_visit DROP CONSTRAINT "{name}"')
        cursor.execute(FILL, [days, monday_of(timezone.localdate()) + WEEK])
        for name, definition in keys:
            cursor.execute(f'ALTER TABLE visits_visit ADD CONSTRAINT "{name}" {definition} NOT VALID')
    owner.close()


def list_figures() -> Result:
    """Open the officer's list as she does."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="oficial"), backend=BACKEND)
    page = partial(client.get, reverse("visit_list"))
    timed(page, times=5)
    with CaptureQueriesContext(connection) as captured:
        page()
    measured = timed(page, times=60)
    size = "SELECT pg_total_relation_size('visits_visit') / 1048576"
    with connection.cursor() as cursor:
        cursor.execute(size)
        megabytes = cursor.fetchone()[0]
    return {
        "visits_stored": Visit.objects.count(),
        "table_megabytes": int(megabytes),
        "queries": len(captured),
        **in_milliseconds(measured),
        "mean_ms": round(1000 * statistics.mean(measured), 1),
    }
