"""Load a risk scale from its file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from risk.scale_parsing import ScaleFileInvalid
from risk.scale_source import read_scale
from risk.services import load_scale


class Command(StudyCommand):
    """`load_scale FILE`: exit 0 when that version is loaded, 2 when the file is no usable scale."""

    help = "Load a risk scale (JSON), with NAME.supplement.json when it lies beside NAME.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = SystemActor("load_scale", frozenset({Permission.MANAGE_SCALES}))
        try:
            scale = load_scale(by=actor, scale=read_scale(options["file"]), now=timezone.now())
        except (ScaleFileInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{scale}: {len(scale.content['items'])} items, {len(scale.content['levels'])} levels")
