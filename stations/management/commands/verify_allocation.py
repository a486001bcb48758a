"""`manage.py verify_allocation [CERTIFICATE.json]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import StudyCommand
from stations.certificate import CertificateUnreadable, CertificateWrong, check_certificate
from stations.queries import allocation_problem, locked_allocation


class Command(StudyCommand):
    # Like `diff`: status 1 says that it was read and differs, 2 that it could not be read.
    help = (
        "Draw again from a certificate, and compare it with the study's locked allocation; without a file, that alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("certificate", type=Path, nargs="?")

    def handle(self, *args: object, certificate: Path | None = None, **options: object) -> None:
        if certificate is not None:
            self._check_file(certificate)
        elif locked_allocation() is None:
            raise CommandError("No allocation is locked here: name a certificate's file.", returncode=2)
        if problem := allocation_problem():
            raise CommandError(f"The stored allocation: {problem}.", returncode=1)
        self.stdout.write(self._finding(certificate is not None))

    def _check_file(self, file: Path) -> None:
        content = _read(file)
        try:
            check_certificate(content)
        except CertificateUnreadable as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        except CertificateWrong as error:
            raise CommandError(f"{file}: {error}", returncode=1) from error
        allocation = locked_allocation()
        if allocation is not None and allocation.certificate != content:
            raise CommandError("The locked allocation differs from this certificate.", returncode=1)

    def _finding(self, has_file: bool) -> str:  # noqa: FBT001 (says which of two sentences is meant)
        if locked_allocation() is None:
            return "The certificate holds: its seed draws what it states. No allocation is locked here."
        if has_file:
            return "The certificate holds, and the locked allocation is the one it states."
        return "The locked allocation is the one that its certificate states."


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: cannot be read as JSON ({error})", returncode=2) from error
    if not isinstance(content, dict):
        raise CommandError(f"{file}: expected a JSON object", returncode=2)
    return content
