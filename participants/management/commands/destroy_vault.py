"""`manage.py destroy_vault --certificate FILE.pdf`: every data key, once two administrators want it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from participants import queries, services
from participants.models import Erasure
from participants.presenters.erasures import certificate_of

DESTRUCTION = SystemActor("vault destruction", frozenset({Permission.KEEP_VAULT}))
WOMEN_A_BATCH = 50


class Command(StudyCommand):
    help = "Destroy every data key at the end of the study, once two administrators want it (page of erasures)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--certificate", type=Path, required=True, help="where the certificate (PDF) goes")

    def handle(self, *args: object, certificate: Path, **options: object) -> None:
        if certificate.exists() or not certificate.parent.is_dir():
            message = f"{certificate}: expected the name of a new file in a folder that exists; nothing was destroyed"
            raise CommandError(message, returncode=2)
        erasure = queries.confirmed_destruction()
        if erasure is None:
            message = "two administrators must want this on the page of erasures; nothing was destroyed"
            raise CommandError(message, returncode=2)
        try:
            certificate.write_bytes(self._destroy(erasure))
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"Every data key is destroyed; the certificate is {certificate}. Destroy the master keys now."
        )

    def _destroy(self, erasure: Erasure) -> bytes:
        ids = queries.participants_to_erase()
        for start in range(0, len(ids), WOMEN_A_BATCH):
            batch = ids[start : start + WOMEN_A_BATCH]
            services.destroy_keys(by=DESTRUCTION, erasure=erasure, participant_ids=batch, now=timezone.now())
            self.show_progress(start + len(batch), len(ids), "women")
        return certificate_of(services.finish_destruction(by=DESTRUCTION, erasure=erasure, now=timezone.now()))
