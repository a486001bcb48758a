"""A connection that is kept from one request to the next is looked at, and asked only where something came on it."""

import select
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import User

CLOSED_WITHIN_MS, NEWS_WITHIN_S = 30_000, 30


@pytest.fixture
def pid(committed_study) -> Iterator[int]:
    """Open this thread's connection; give the server's process at its other end."""
    connection.ensure_connection()
    yield connection.connection.info.backend_pid
    connection.close()


def beside(sql: str, values: list[object]) -> Any:
    """Ask over a second connection; return the first value."""

    def ask() -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


def last_question(pid: int) -> str:
    return beside("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])


def test_quiet_connection_is_usable_unasked(pid):
    assert not User.objects.exists()
    before = last_question(pid)

    assert connection.is_usable()

    assert "accounts_user" in last_question(pid) == before


def test_connection_that_the_server_closed_is_opened_anew(pid):
    assert beside("SELECT pg_terminate_backend(%s, %s)", [pid, CLOSED_WITHIN_MS])

    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.close_if_health_check_failed()

    assert not User.objects.exists()
    assert connection.connection.info.backend_pid != pid


def test_connection_on_which_a_word_came_is_asked(pid):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
    beside("NOTIFY news", [])
    assert select.select([connection.connection], [], [], NEWS_WITHIN_S)[0]

    assert connection.is_usable()
    assert last_question(pid) == "SELECT 1"


def test_connection_that_was_closed_here_is_not_usable(pid):
    connection.connection.close()

    assert not connection.is_usable()
