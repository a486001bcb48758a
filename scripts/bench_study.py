"""What every section of the measurements stands on: a database of its own, and a clock."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from django.utils import timezone

from ivp_study.databases import create_database, drop_database, with_database
from ivp_study.embedded import resolve_urls
from simulation.loader import load_study
from simulation.world import WorldSettings

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "ivp_bench"
SEED = 1

Result = dict[str, Any]


@contextmanager
def empty_database() -> Iterator[None]:
    """Give a migrated database of its own."""
    connection.close()
    drop_database(DATABASE)
    create_database(DATABASE)
    connection.settings_dict["NAME"] = os.environ["IVP_DB_NAME"] = DATABASE
    run_as_owner("migrate", "--verbosity", "0")
    yield
    connection.close()
    drop_database(DATABASE)


@contextmanager
def study(*, clusters: int = 16, participants: int = 1600, elapsed_months: int = 10) -> Iterator[float]:
    """Give a database of its own with a synthetic study of these settings; yields the seconds that loading took."""
    now = timezone.now()
    today = timezone.localdate(now)
    settings = WorldSettings(
        seed=SEED, as_of=today, clusters=clusters, participants=participants, elapsed_months=elapsed_months
    )
    with empty_database():
        started = time.perf_counter()
        load_study(settings, now=now, say=lambda _text: None)
        seconds = time.perf_counter() - started
        analyse()
        yield seconds


def run_as_owner(*words: str) -> None:
    """Run a management command as the owner of the tables."""
    environment = {**os.environ, "IVP_DB_ROLE": "owner"}
    subprocess.run([sys.executable, str(CHECKOUT / "manage.py"), *words], env=environment, check=True)


def analyse() -> None:
    """Let the planner of PostgreSQL know the new rows, as autovacuum does a minute later."""
    owner = psycopg2.connect(with_database(resolve_urls().owner_database, DATABASE))
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owner.close()


def timed(action: Callable[[], object], *, times: int = 1) -> list[float]:
    """Return the seconds that each of several calls took."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return seconds


def in_milliseconds(seconds: list[float]) -> Result:
    """Return the median and the 95th percentile."""
    ordered = sorted(seconds)
    return {
        "median_ms": round(1000 * statistics.median(ordered), 2),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 2),
    }
