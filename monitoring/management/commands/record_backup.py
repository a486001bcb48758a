"""`manage.py record_backup`: the job that makes the backups tells the study of each."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from monitoring.services import Backup, record_backup

KEEPER = SystemActor("backup job", frozenset({Permission.WATCH_STUDY}))


class Command(StudyCommand):
    help = "Record that a backup was made: when, how large, where it lies, its hash, and when a restore was last tried."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--made-at", required=True, metavar="TIME", help="2026-11-28T03:00:00-05:00")
        parser.add_argument("--bytes", required=True, type=int, metavar="N", help="its size")
        parser.add_argument(
            "--place", required=True, metavar="LABEL", help="a name for where it lies, never an address"
        )
        parser.add_argument("--sha256", required=True, metavar="HEX", help="its SHA-256")
        parser.add_argument("--restored-on", metavar="DAY", help="2026-11-01: when a restore was last tried and held")

    def handle(self, *args: object, **options: Any) -> None:
        backup = Backup(
            made_at=_moment(options["made_at"]),
            size_bytes=options["bytes"],
            place=options["place"].strip(),
            sha256=options["sha256"].strip().lower(),
            restored_on=_day(options["restored_on"]) if options["restored_on"] else None,
        )
        try:
            is_new = record_backup(by=KEEPER, backup=backup, now=timezone.now())
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write("The backup is recorded." if is_new else "The backup was recorded already.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--made-at: expected a time such as 2026-11-28T03:00:00-05:00, found {text!r}"
        raise CommandError(message, returncode=2) from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"--restored-on: expected a day such as 2026-11-01, found {text!r}"
        raise CommandError(message, returncode=2) from error
