"""`manage.py load_frame STATIONS DISTRICTS [--dry-run]`: CSV in UTF-8, or XLSX."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from documents.tables import TableFileError
from stations.frame_file import read_files
from stations.frame_import import Fate, FrameImport, plan_import
from stations.services import import_frame

COMMAND = SystemActor("load_frame", frozenset({Permission.MANAGE_FRAME}))


class Command(StudyCommand):
    help = "Import the frame of stations and districts, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stations", type=Path, help="CSV or XLSX")
        parser.add_argument("districts", type=Path, help="CSV or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen to each row, write nothing")

    def handle(self, *args: object, stations: Path, districts: Path, dry_run: bool = False, **options: object) -> None:
        files = read_files(
            stations=_content(stations),
            districts=_content(districts),
            stations_name=stations.name,
            districts_name=districts.name,
        )
        try:
            if dry_run:
                plan = plan_import(files)
                self._tell(plan)
            if files.problems:
                raise TableFileError(files.problems)
            if not dry_run:
                plan = import_frame(by=COMMAND, stations=files.stations, districts=files.districts)
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        counts = plan.counts()
        self.stdout.write(
            f"{len(plan.stations)} stations, {len(plan.districts)} districts: {counts[Fate.NEW]} rows new, "
            f"{counts[Fate.CHANGED]} changed" + (" (dry run, nothing written)." if dry_run else ".")
        )

    def _tell(self, plan: FrameImport) -> None:
        """Write the fate of every row that is right; what is wrong follows as the error."""
        for change in plan.changes:
            changed = "; ".join(f"{column} {before} → {after}" for column, (before, after) in change.changed.items())
            self.stdout.write(f"{change.kind} {change.code}: {change.fate}" + (f" ({changed})" if changed else ""))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror})", returncode=2) from error
