"""`manage.py turn_sealing_key`: another key for what phones seal to the server."""

from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.permissions import Permission
from visits import services

KEEPER = SystemActor("sealing key", frozenset({Permission.KEEP_VAULT}))


class Command(StudyCommand):
    help = "Make the key that phones seal to from now on; what was sealed to those before still opens."

    def handle(self, *args: object, **options: object) -> None:
        key = services.turn_sealing_key(by=KEEPER, now=timezone.now())
        self.stdout.write(f"Phones seal to key {key.pk} from now on; each hears of it when it next has a signal.")
