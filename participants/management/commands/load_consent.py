"""`manage.py load_consent FILE`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from participants.services import load_consent_text

COMMAND = SystemActor("load_consent", frozenset({Permission.MANAGE_PROTOCOL}))


class Command(StudyCommand):
    help = "Load a version of the consent text (TOML)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: cannot be read as UTF-8 text ({error})", returncode=2) from error
        try:
            stored, is_new = load_consent_text(by=COMMAND, text=text, name=file.name, now=timezone.now())
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        state = "loaded" if is_new else "was already loaded"
        self.stdout.write(f"Consent text {stored} {state}, from {stored.valid_from} (SHA-256 {stored.sha256}).")
