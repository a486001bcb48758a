"""`manage.py tell_in_charge`: the same as the scheduled task, by another clock, when beat or every worker died."""

from django.utils import timezone

from accounts.commands import StudyCommand
from monitoring import tasks
from monitoring.queries.lateness import is_planner_late


class Command(StudyCommand):
    help = "Look what is late, and write to whoever should know what is due. Safe to run at any time."

    def handle(self, *args: object, **options: object) -> None:
        tasks.tell_in_charge()
        late = is_planner_late(timezone.now())
        self.stdout.write("The planner is late." if late else "The planner is on time.")
