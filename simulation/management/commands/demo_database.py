"""`manage.py demo_database NAME [--drop-first]`: make one of the demo's databases, as the owner."""

import os
from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.db import connection

from accounts.commands import StudyCommand

DEMO_DATABASES = ("ivp", "ivp_empty")


class Command(StudyCommand):
    """Only on the private server: a database that the environment names is nobody's to drop."""

    help = "Make one of the demo's databases on the private server; the demo itself calls this."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=DEMO_DATABASES)
        parser.add_argument("--drop-first", action="store_true", help="drop it first, with all that is in it")

    def handle(self, *args: object, name: str, drop_first: bool, **options: object) -> None:
        if os.environ.get("DATABASE_URL"):
            message = "DATABASE_URL names a server of your own: the demo makes and drops only its private databases"
            raise CommandError(message, returncode=2)
        quoted = connection.ops.quote_name(name)
        with connection._nodb_cursor() as cursor:  # noqa: SLF001 - Django's own way to a server without a database
            if drop_first:
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {quoted}")
