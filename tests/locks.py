"""Real transactions that meet: begun at the same moment, or waited for until they stand before each other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.errors import StudyError


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Do these at the same moment, each on a connection of its own; return what each gave, or the refusal's code."""
    together = Barrier(len(attempts))

    def run(attempt):
        together.wait()
        try:
            return attempt()
        except StudyError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the view would go on showing what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def wait_until(holds: Callable[[], object], *, seconds: float = 120) -> bool:
    """Say whether something came to hold in time: long enough for a slow and busy machine."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(holds())
