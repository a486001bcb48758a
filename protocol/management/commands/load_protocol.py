"""`manage.py load_protocol FILE [--reason WHY]`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from protocol.services import load_protocol

COMMAND = SystemActor("load_protocol", frozenset({Permission.MANAGE_PROTOCOL}))


class Command(StudyCommand):
    help = "Make a protocol file the one that rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", default="", help="why the protocol in use is amended")

    def handle(self, *args: object, file: Path, reason: str = "", **options: object) -> None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: cannot be read as UTF-8 text ({error})", returncode=2) from error
        try:
            version, is_new = load_protocol(
                by=COMMAND, text=text, name=file.name, now=timezone.now(), amendment_reason=reason
            )
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        state = "loaded" if is_new else "was already in force"
        self.stdout.write(f"Protocol {version} {state} (SHA-256 {version.sha256}).")
