"""`manage.py verify_vault`: does everything in the vault open, and do the hashes fit the cards?"""

from collections.abc import Iterator

from django.core.management.base import CommandError

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.permissions import Permission
from participants import queries, sealing, services

CHECK = SystemActor("vault check", frozenset({Permission.KEEP_VAULT}))


class Command(StudyCommand):
    help = "Open every sealed row and recompute every lookup hash; say what does not fit, by study code."

    def handle(self, *args: object, **options: object) -> None:
        total, reports = queries.sealed_rows_count(), len(queries.reports_with_box())
        problems = [*self._unreadable(total), *self._unfit(), *self._unsound_reports(reports)]
        total += reports
        services.record_vault_check(by=CHECK, rows=total, problems=len(problems))
        for use in queries.keys_in_use():
            self.stdout.write(f"  {use.key_id}: {use.data_keys} data keys, hashes of {use.hashed_women} women")
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(
                f"The vault is not whole: {len(problems)} problems in {total} sealed rows.", returncode=1
            )
        self.stdout.write(f"The vault is whole: {total} sealed rows open, every hash fits its card.")

    def _unreadable(self, total: int) -> Iterator[str]:
        for done, row in enumerate(queries.sealed_rows(), start=1):
            if not sealing.opens(row.participant, row.sealed, purpose=row.field.purpose):
                yield f"{row.participant.study_code}: {row.field.model}.{row.field.field} does not open"
            self.show_progress(done, total, "sealed rows")

    def _unsound_reports(self, total: int) -> Iterator[str]:
        for done, (code, is_sound) in enumerate(queries.report_box_problems(), start=1):
            if not is_sound:
                yield f"{code}: the box does not open, or its hashes are not those of it"
            self.show_progress(done, total, "reports")

    def _unfit(self) -> Iterator[str]:
        for code in queries.unreadable_staff_cards():
            yield f"{code}: the card does not open"
        for name in queries.unreadable_secrets():
            yield f"{name}: the secret does not open"
        for code in queries.participants_without_card():
            yield f"{code}: has no card or no key"
        for code in queries.participants_with_unfit_hashes():
            yield f"{code}: the hashes are not those of the card (rotate_vault --every-hash makes them again)"
