"""What every section of the measurements stands on: a database of its own, and a clock."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2 import extensions

from accounts.models import User
from ivp_study.databases import create_database, drop_database, with_database
from ivp_study.embedded import resolve_urls
from simulation.loader import load_study
from simulation.world import WorldSettings

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "ivp_bench"
SEED = 1
BACKEND = "accounts.backends.AccountBackend"

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


@contextmanager
def copied(fill: Callable[[], None]) -> Iterator[str]:
    """Give a copy of the database, in which `fill` stored more; yields its name."""
    name = f"{DATABASE}_full"
    connection.close()
    drop_database(name)
    create_database(name, template=DATABASE)
    try:
        with working_on(name):
            fill()
            analyse()
        yield name
    finally:
        drop_database(name)


@contextmanager
def working_on(name: str) -> Iterator[None]:
    """Let this process, and what it starts, work on another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = os.environ["IVP_DB_NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = os.environ["IVP_DB_NAME"] = before


@contextmanager
def owner_cursor() -> Iterator[extensions.cursor]:
    """Give a cursor of the owner of the tables, each statement its own transaction."""
    owner = psycopg2.connect(with_database(resolve_urls().owner_database, connection.settings_dict["NAME"]))
    owner.autocommit = True
    with owner.cursor() as cursor:
        yield cursor
    owner.close()


def analyse() -> None:
    """Let the planner of PostgreSQL know the new rows, as autovacuum does a minute later."""
    with owner_cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def signed_in(username: str) -> Client:
    """Return the browser of one of the simulated people."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    return client


def query_count(action: Callable[[], object]) -> int:
    """Return how many queries an action takes; counted at once, as the next request forgets them."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def page_figures(client: Client, path: str, *, times: int = 100) -> Result:
    """Open a page many times; return its median and 95th percentile, its queries and its size."""
    page = partial(client.get, path)
    response = page()
    if response.status_code != HTTPStatus.OK:
        raise SystemExit(f"bench: {path} answers {response.status_code}")
    timed(page, times=times // 10)
    used = time.process_time()
    seconds = timed(page, times=times)
    return {
        **in_milliseconds(seconds),
        "own_processor_ms": round(1000 * (time.process_time() - used) / times, 1),
        "queries": query_count(page),
        "kilobytes": round(len(response.content) / 1000, 1),
    }


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
