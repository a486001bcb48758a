"""`manage.py verify_allocation CERT.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from accounts.commands import StudyCommand
from stations.certificate import CertificateUnreadable, CertificateWrong, check_certificate
from stations.queries import locked_allocation


class Command(StudyCommand):
    # Like `diff`: status 1 says that it was read and differs, 2 that it could not be read.
    help = "Draw again from a certificate, and compare it with the study's locked allocation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("certificate", type=Path)

    def handle(self, *args: object, certificate: Path, **options: object) -> None:
        try:
            content = json.loads(certificate.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{certificate}: cannot be read as JSON ({error})", returncode=2) from error
        if not isinstance(content, dict):
            raise CommandError(f"{certificate}: expected a JSON object", returncode=2)
        allocation = locked_allocation()
        try:
            check_certificate(content, frame_sha256=allocation.frame.sha256 if allocation else None)
        except CertificateUnreadable as error:
            raise CommandError(f"{certificate}: {error}", returncode=2) from error
        except CertificateWrong as error:
            raise CommandError(f"{certificate}: {error}", returncode=1) from error
        if allocation is None:
            self.stdout.write("The certificate holds: its seed draws what it states. No allocation is locked here.")
            return
        stored = dict(allocation.allocated.values_list("station__code", "arm"))
        if stored != content["assignment"] or allocation.certificate != content:
            raise CommandError("The locked allocation differs from this certificate.", returncode=1)
        self.stdout.write("The certificate holds, and the locked allocation is the one it states.")
