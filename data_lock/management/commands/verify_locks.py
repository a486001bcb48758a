"""`manage.py verify_locks`: are the data that two people locked still those that they signed?"""

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.permissions import Permission
from data_lock.services import check_locks

COMMAND = SystemActor("command", frozenset({Permission.READ_DATA_LOCKS}))


class Command(StudyCommand):
    help = "Count every locked cut again and compare rows and signatures with what was signed."

    def handle(self, *args: object, **options: object) -> None:
        checks = check_locks(by=COMMAND, now=timezone.now())
        for check in checks:
            said = check.get_problem_display() if check.problem else "as it was signed"
            self.stdout.write(f"lock {check.lock_id}: {check.rows} rows, SHA-256 {check.sha256}: {said}")
        if any(check.problem for check in checks):
            raise CommandError("Some locked data are not as they were signed.", returncode=1)
        self.stdout.write(f"{len(checks)} locks hold.")
