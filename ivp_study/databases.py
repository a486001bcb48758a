"""More databases on the same server: the empty demonstration, and those that tests clone and drop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege, ObjectInUse
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor

from ivp_study.embedded import resolve_urls

VACUUM_SECONDS = 300


def create_database(name: str, *, template: str = "template1") -> None:
    """Create a database of the owner's, a copy of the template, to which nobody may be connected."""
    with _owner_cursor() as owner:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        owner.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def rename_database(old: str, new: str) -> None:
    """Rename a database, to which nobody may be connected."""
    with _owner_cursor() as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def drop_database(name: str) -> None:
    """Drop a database if it exists, ending its sessions.

    The server's own vacuum may be at work in it, which the owner may not end with FORCE: a plain DROP ends it itself,
    and waits some seconds.
    """
    plain = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    give_up_at = time.monotonic() + VACUUM_SECONDS
    with _owner_cursor() as owner:
        while True:
            with suppress(InsufficientPrivilege):
                owner.execute(plain + sql.SQL(" WITH (FORCE)"))
                return
            try:
                owner.execute(plain)
            except ObjectInUse:
                if time.monotonic() > give_up_at:
                    raise
            else:
                return


def database_names() -> list[str]:
    """Return the names of all databases of the server, in order."""
    with _owner_cursor() as owner:
        owner.execute("SELECT datname FROM pg_database ORDER BY datname")
        return [name for (name,) in owner.fetchall()]


def with_database(url: str, name: str) -> str:
    """Return the address of another database of the same server for the same role."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _owner_cursor() -> Iterator[cursor]:
    connection = psycopg2.connect(resolve_urls().owner_database)
    try:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as owner:
            yield owner
    finally:
        connection.close()
