"""`manage.py load_directory [FILE]`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from referrals.services import load_directory

COMMAND = SystemActor("load_directory", frozenset({Permission.KEEP_DIRECTORY}))
SHIPPED = Path(__file__).resolve().parents[2] / "data" / "directory.toml"


class Command(StudyCommand):
    help = "Add the services of a directory (TOML; without FILE the shipped one) that were never written here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: cannot be read as UTF-8 text ({error})", returncode=2) from error
        try:
            added = load_directory(by=COMMAND, text=text, name=file.name, now=timezone.now())
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{added} services added; what is known already stays as it is.")
