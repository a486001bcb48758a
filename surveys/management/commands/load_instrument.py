"""Load a questionnaire from its file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from surveys.instrument_file import InstrumentInvalid, parse_instrument
from surveys.services import load_instrument


class Command(StudyCommand):
    """`load_instrument FILE`: exit 0 when that version is loaded, 2 when the file is no usable questionnaire."""

    help = "Load a questionnaire (JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        actor = SystemActor("load_instrument", frozenset({Permission.MANAGE_PROTOCOL}))
        try:
            rules = parse_instrument(path.read_text(encoding="utf-8"), name=path.name)
            stored = load_instrument(by=actor, instrument=rules, now=timezone.now())
        except (InstrumentInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path.name}: not UTF-8 text", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        self.stdout.write(f"{stored}: {sum(1 for _ in rules.fields())} answers in {len(rules.sections)} sections")
