"""`manage.py rebuild_release NUMBER`: pack what was frozen once more, and say whether it is the same byte for byte."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from panel import services, tasks
from panel.models import Release


class Command(StudyCommand):
    """Exit 0 where the same bytes came out, 1 where others did, 2 after one line of what is wrong."""

    help = "Make a release again from what was frozen and compare it with what was given out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, metavar="NUMBER")

    def handle(self, *args: Any, **options: Any) -> None:
        release = Release.objects.filter(pk=options["number"]).first()
        if release is None:
            raise CommandError(f"{options['number']}: there is no such release", returncode=2)
        try:
            with TemporaryDirectory() as folder:
                is_same = services.rebuild_release(by=tasks.MAKER, release=release, folder=Path(folder))
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        if not is_same:
            raise CommandError(f"release {release.pk}: other bytes than those given out", returncode=1)
        self.stdout.write(f"release {release.pk}: the same, byte for byte")
