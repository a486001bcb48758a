"""`manage.py load_frame STATIONS.csv DISTRICTS.csv [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from stations.frame_file import read_frame
from stations.frame_import import frame_changes
from stations.services import import_frame

COMMAND = SystemActor("load_frame", frozenset({Permission.MANAGE_FRAME}))


class Command(StudyCommand):
    help = "Import the frame of stations and districts, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stations", type=Path)
        parser.add_argument("districts", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen to each row, write nothing")

    def handle(self, *args: object, stations: Path, districts: Path, dry_run: bool = False, **options: object) -> None:
        try:
            station_rows, district_rows = read_frame(
                stations=_content(stations),
                districts=_content(districts),
                stations_name=stations.name,
                districts_name=districts.name,
            )
            if dry_run:
                changes = frame_changes(station_rows, district_rows)
            else:
                changes = import_frame(by=COMMAND, stations=station_rows, districts=district_rows)
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        if dry_run:
            for change in changes:
                fate = "new" if change.is_new else ", ".join(change.changed) or "unchanged"
                self.stdout.write(f"{change.kind} {change.code}: {fate}")
        new, changed = sum(c.is_new for c in changes), sum(bool(c.changed) for c in changes)
        self.stdout.write(
            f"{len(station_rows)} stations, {len(district_rows)} districts: {new} rows new, {changed} changed"
            + (" (dry run, nothing written)." if dry_run else ".")
        )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror})", returncode=2) from error
