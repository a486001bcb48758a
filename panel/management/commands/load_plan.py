"""`manage.py load_plan FILE.toml --by USERNAME [--reason WHY]`: keep a plan as a draft, by the rules of its page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.models import User
from panel import services


class Command(StudyCommand):
    """Exit 0 with the version and its hash, or 2 after a line for each thing that is wrong."""

    help = "Check a plan of the analysis and keep it as a draft; two people lock it on its page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who brings it")
        parser.add_argument("--reason", default="", help="why it is amended, where another is locked")

    def handle(self, *args: object, **options: Any) -> None:
        file: Path = options["file"]
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"{options['by']}: there is no such account", returncode=2)
        try:
            stored = services.store_plan(
                by=user, source=file.read_bytes(), name=file.name, reason=options["reason"], now=timezone.now()
            )
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        self.stdout.write(f"Plan, version {stored.version}: stored as a draft (SHA-256 {stored.sha256}).")
