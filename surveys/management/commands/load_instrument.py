"""Load questionnaires from their XLSForm files, or those that are shipped."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from surveys.models import Instrument
from surveys.services import InstrumentRefused, lay_questionnaires, load_instrument, publish_instrument

LOADER = SystemActor("load_instrument", frozenset({Permission.MANAGE_INSTRUMENTS}))


class Command(StudyCommand):
    """`load_instrument [FILE.xlsx] [--files FILE…] [--private] [--publish]`: exit 0 when loaded, 2 when it is none."""

    help = (
        "Load a questionnaire (XLSForm: .xlsx, or its tables in .md) as a draft; without a file, load and publish "
        "those that are shipped, and give them to the waves that ask nothing yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--files",
            type=Path,
            nargs="+",
            default=[],
            metavar="FILE",
            help="pictures (PNG, JPEG) and lists (CSV, GeoJSON, XML) that its cells name, or a ZIP of them",
        )
        parser.add_argument("--private", action="store_true", help="a licence holder's text: its file is not given out")
        parser.add_argument("--publish", action="store_true", help="freeze it at once, so that waves may ask it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = [self._load(**options)] if options["file"] else self._lay()
        except InstrumentRefused as error:
            lines = [f"{options['file'].name}: {problem}" for problem in error.problems]
            raise CommandError("\n".join(lines), returncode=2) from error
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror}", returncode=2) from error
        for instrument in loaded:
            questions = len(instrument.content["questions"])
            self.stdout.write(f"{instrument}: {questions} questions, {instrument.status}")
            for warning in instrument.content["warnings"]:
                self.stdout.write(f"{instrument}: {warning}")

    def _lay(self) -> list[Instrument]:
        return list(lay_questionnaires(by=LOADER, now=timezone.now()).values())

    def _load(self, *, file: Path, files: list[Path], private: bool, publish: bool, **_options: Any) -> Instrument:
        now = timezone.now()
        licence = Instrument.Licence.PRIVATE if private else Instrument.Licence.OPEN
        given = [(one.name, one.read_bytes()) for one in files]
        stored = load_instrument(
            by=LOADER, source=file.read_bytes(), name=file.name, files=given, licence=licence, now=now
        )
        if publish and stored.status == Instrument.Status.DRAFT:
            stored = publish_instrument(by=LOADER, instrument=stored, now=now)
        return stored
