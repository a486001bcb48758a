"""`manage.py verify_audit [--head HASH] [--checkpoint FILE]`: is the audit as it was written, and as it was signed?"""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from audit.checkpoints import CheckpointWrong, Statement, checked
from audit.keys import verifying_key
from audit.queries import contradiction, verify_chain


class Command(BaseCommand):
    help = "Recompute the audit's hash chain and say how far it holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="HASH", help="the last hash that you noted; it must still be the head")
        parser.add_argument(
            "--checkpoint",
            metavar="FILE",
            type=Path,
            help="a signed checkpoint that you kept; it must still hold",
        )

    def handle(self, *args: object, head: str | None = None, checkpoint: Path | None = None, **options: object) -> None:
        kept = _statement(checkpoint) if checkpoint else None
        report = verify_chain()
        if not report.is_intact:
            raise CommandError(f"The audit is intact to row {report.intact_to}; {report.problem}.", returncode=1)
        if head is not None and head.lower() != report.head.hex():
            raise CommandError(
                f"The chain is whole, but its head is {report.head.hex()}, not {head}: rows were added or cut since.",
                returncode=1,
            )
        if kept is not None and (problem := contradiction(kept)):
            raise CommandError(f"The chain is whole, but it was written anew: {problem}.", returncode=1)
        self.stdout.write(f"The audit is intact: {report.intact_to} rows, head {report.head.hex()}.")
        if kept is not None:
            self.stdout.write(f"It agrees with the checkpoint of {kept.at[:10]}: {kept.rows} rows, head {kept.head}.")


def _statement(path: Path) -> Statement:
    """Read a checkpoint that this study signed. Raise CommandError (exit status 2) in one sentence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: cannot be read ({type(error).__name__})", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"{path}: expected the JSON of a checkpoint", returncode=2) from error
    handed_out = found if isinstance(found, dict) else {}
    try:
        return checked(handed_out, verifying_key(handed_out.get("key")))
    except CheckpointWrong as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error
