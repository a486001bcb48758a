"""`manage.py verify_audit [--head HASH]`: is the audit as it was written?"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from audit.queries import verify_chain


class Command(BaseCommand):
    help = "Recompute the audit's hash chain and say how far it holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="HASH", help="the last hash that you noted; it must still be the head")

    def handle(self, *args: object, head: str | None = None, **options: object) -> None:
        report = verify_chain()
        if not report.is_intact:
            raise CommandError(f"The audit is intact to row {report.intact_to}; {report.problem}.", returncode=1)
        if head is not None and head.lower() != report.head.hex():
            raise CommandError(
                f"The chain is whole, but its head is {report.head.hex()}, not {head}: rows were added or cut since.",
                returncode=1,
            )
        self.stdout.write(f"The audit is intact: {report.intact_to} rows, head {report.head.hex()}.")
