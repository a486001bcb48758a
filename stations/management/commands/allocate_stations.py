"""`manage.py allocate_stations --seed N [--dry-run] --certificate FILE`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from stations.certificate import certificate_text
from stations.models import Allocation
from stations.queries import balance_of, design_of_draw, reach_of
from stations.services import allocate_stations, record_dry_run

COMMAND = SystemActor("allocate_stations", frozenset({Permission.ALLOCATE_STATIONS}))


class Command(StudyCommand):
    help = (
        "Rehearse a draw: the protocol's number of stations, their arms, and the certificate. "
        "The draw that counts is promised, revealed and approved by two people, on the pages."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", required=True, help="a whole number; the same seed draws the same")
        parser.add_argument("--certificate", type=Path, required=True, help="where the certificate goes (JSON)")
        parser.add_argument(
            "--dry-run", action="store_true", help="draw and write the certificate, keep only that it was tried"
        )

    def handle(self, *args: object, seed: str, certificate: Path, dry_run: bool = False, **options: object) -> None:
        with transaction.atomic():
            allocation = self._draw(seed)
            self._write_certificate(allocation, certificate)
            transaction.set_rollback(dry_run)
        if dry_run:
            record_dry_run(by=COMMAND, seed=allocation.seed)
        state = "dry run, only its seed is on record" if dry_run else "a rehearsal, on record"
        self.stdout.write(
            f"{len(allocation.certificate['sample'])} stations drawn with seed {allocation.seed}: {state}."
        )

    def _draw(self, seed: str) -> Allocation:
        def progress(done: int, total: int) -> None:
            self.show_progress(done, total, "ways to part the stations scored")

        try:
            allocation = allocate_stations(by=COMMAND, seed=seed, now=timezone.now(), progress=progress)
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        self._print_balance(allocation)
        self._print_reach(allocation)
        return allocation

    def _write_certificate(self, allocation: Allocation, file: Path) -> None:
        try:
            file.write_text(certificate_text(allocation.certificate), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file}: cannot be written ({error.strerror})", returncode=2) from error

    def _print_balance(self, allocation: Allocation) -> None:
        arms = design_of_draw(allocation).arm_codes
        self.stdout.write("".join(f"{name:>20}" for name in ("covariate", *arms, "largest difference")))
        for row in balance_of(allocation):
            means = "".join(f"{row.means[arm]:20.2f}" for arm in arms)
            self.stdout.write(f"{row.covariate:>20}{means}{row.largest_difference:20.2f}")

    def _print_reach(self, allocation: Allocation) -> None:
        for reach in reach_of(allocation):
            if reach.is_out_of_reach:
                self.stderr.write(
                    f"warning: {reach.contrast.name}: no randomisation p below {reach.smallest_p:.3f} can be reached "
                    f"with this draw ({reach.ways} ways to give its arms again)"
                )
