"""`manage.py allocate_stations --seed N [--dry-run] [--lock] --certificate FILE`."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from stations.models import Allocation
from stations.queries import balance_of
from stations.services import allocate_stations, lock_allocation, record_dry_run

COMMAND = SystemActor("allocate_stations", frozenset({Permission.ALLOCATE_STATIONS}))


class Command(StudyCommand):
    help = "Draw the protocol's number of stations, give them arms, and write the certificate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", required=True, help="a whole number; the same seed draws the same")
        parser.add_argument("--certificate", type=Path, required=True, help="where the certificate goes (JSON)")
        parser.add_argument(
            "--dry-run", action="store_true", help="draw and write the certificate, keep only that it was tried"
        )
        parser.add_argument("--lock", action="store_true", help="make this the study's allocation, for ever")

    def handle(
        self,
        *args: object,
        seed: str,
        certificate: Path,
        dry_run: bool = False,
        lock: bool = False,
        **options: object,
    ) -> None:
        with transaction.atomic():
            allocation = self._draw(seed, lock=lock and not dry_run)
            self._write_certificate(allocation, certificate)
            transaction.set_rollback(dry_run)
        if dry_run:
            record_dry_run(by=COMMAND, seed=allocation.seed)
        state = "dry run, only its seed is on record" if dry_run else allocation.get_status_display()
        self.stdout.write(
            f"{len(allocation.certificate['sample'])} stations drawn with seed {allocation.seed}: {state}."
        )

    def _draw(self, seed: str, *, lock: bool) -> Allocation:
        now = timezone.now()
        try:
            allocation = allocate_stations(by=COMMAND, seed=seed, now=now)
            if lock:
                allocation = lock_allocation(by=COMMAND, allocation=allocation, now=now)
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        self._print_balance(allocation)
        return allocation

    def _write_certificate(self, allocation: Allocation, file: Path) -> None:
        try:
            file.write_text(json.dumps(allocation.certificate, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            raise CommandError(f"{file}: cannot be written ({error.strerror})", returncode=2) from error

    def _print_balance(self, allocation: Allocation) -> None:
        arms = allocation.certificate["arms"]
        self.stdout.write("".join(f"{name:>20}" for name in ("covariate", *arms, "largest difference")))
        for row in balance_of(allocation):
            means = "".join(f"{row.means[arm]:20.2f}" for arm in arms)
            self.stdout.write(f"{row.covariate:>20}{means}{row.largest_difference:20.2f}")
