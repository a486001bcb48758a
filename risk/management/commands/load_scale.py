"""Load a risk scale from its file, with a licence holder's texts where there are any."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from protocol.queries import NoProtocol, current_protocol
from risk.models import Scale
from risk.protocol_fit import differences
from risk.queries import scale_rules
from risk.scale_pack import parse_pack, structure_sha256
from risk.scale_parsing import ScaleFileInvalid
from risk.scale_source import read_scale, read_text
from risk.services import load_pack, load_scale

LOADER = SystemActor("load_scale", frozenset({Permission.MANAGE_SCALES}))


class Command(StudyCommand):
    """`load_scale FILE [--pack FILE]`: exit 0 when that version is loaded, 2 when a file is not usable."""

    help = (
        "Load a risk scale (JSON), with NAME.supplement.json when it lies beside NAME.json, and with the item texts of "
        "--pack or of CODE.VERSION.json in the folder that IVP_SCALE_PACKS names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--pack", type=Path, help="a licence holder's item texts")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            rules = read_scale(options["file"])
            path: Path | None = options["pack"] or self._pack_of(f"{rules.code}.{rules.version}.json")
            # Both files are read before anything is written.
            pack = parse_pack(read_text(path), path.name, rules) if path else None
            scale = load_scale(by=LOADER, scale=rules, now=now)
            if pack:
                load_pack(by=LOADER, scale=scale, pack=pack, now=now)
        except (ScaleFileInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{scale}: {len(rules.items)} items, {len(rules.levels)} levels")
        if path and pack:
            self.stdout.write(f"{scale}: texts of {path.name}, licensed to {pack.licensed_to}")
        elif rules.licence != "open" and rules.items:
            self.stdout.write(f"{scale}: no texts; a pack names structure_sha256 {structure_sha256(rules)}")
        self._say_how_it_fits(scale)

    def _pack_of(self, name: str) -> Path | None:
        path = Path(settings.SCALE_PACKS) / name if settings.SCALE_PACKS else None
        return path if path and path.is_file() else None

    def _say_how_it_fits(self, scale: Scale) -> None:
        try:
            protocol = current_protocol()
        except NoProtocol:
            return
        if protocol.risk.scale != scale.code:
            self.stdout.write(f"{scale}: the study assesses with {protocol.risk.scale}; this scale is for score_scale")
            return
        for difference in differences(scale_rules(scale), protocol):
            self.stdout.write(f"{scale}: {difference}")
