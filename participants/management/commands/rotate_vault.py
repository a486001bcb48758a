"""`manage.py rotate_vault [--every-hash]`: everything in the vault under the first master key of the settings."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.permissions import Permission
from participants import queries, services
from participants.models import Participant
from participants.sealing import configured_keyring

ROTATION = SystemActor("vault rotation", frozenset({Permission.KEEP_VAULT}))
WOMEN_A_BATCH = 50
REPORTS_A_BATCH = 500


class Command(StudyCommand):
    help = "Wrap every data key by the first master key and make every lookup hash again under it; safe while in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every-hash",
            action="store_true",
            help="look at every woman, not only at those under an older key: after a change of how hashes are written",
        )

    def handle(self, *args: object, every_hash: bool, **options: object) -> None:
        current = configured_keyring().current.id
        everybody = Participant.objects.order_by("pk").values_list("pk", flat=True)
        ids = list(everybody) if every_hash else queries.participants_to_rotate(current)
        result = services.Rotation()
        for start in range(0, len(ids), WOMEN_A_BATCH):
            batch = ids[start : start + WOMEN_A_BATCH]
            result += services.rotate_keys(by=ROTATION, participant_ids=batch)
            self.show_progress(start + len(batch), len(ids), "women")
        staff, secrets = services.rotate_staff_keys(by=ROTATION), services.rotate_secrets(by=ROTATION)
        self.stdout.write(f"{result.turned} women and {staff.turned} staff cards moved to master key {current}.")
        reports = self._turn_reports(queries.reports_with_box() if every_hash else queries.reports_to_rotate(current))
        self.stdout.write(f"{reports.turned} reports moved to it.")
        for use in queries.keys_in_use():
            self.stdout.write(f"  {use.key_id}: {use.data_keys} data keys, hashes of {use.hashed_women} women")
        if unreadable := (*result.unreadable, *staff.unreadable, *secrets.unreadable, *reports.unreadable):
            raise CommandError(f"These do not open, and stay as they are: {', '.join(unreadable)}.", returncode=1)

    def _turn_reports(self, ids: list[int]) -> services.Rotation:
        result = services.Rotation()
        for start in range(0, len(ids), REPORTS_A_BATCH):
            batch = ids[start : start + REPORTS_A_BATCH]
            result += services.rotate_report_keys(by=ROTATION, report_ids=batch)
            self.show_progress(start + len(batch), len(ids), "reports")
        return result
