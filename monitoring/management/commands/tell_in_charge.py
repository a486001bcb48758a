"""`manage.py tell_in_charge`: the same as the scheduled task, by another clock, when beat or every worker died."""

from django.utils import timezone

from accounts.commands import StudyCommand
from monitoring import queries, tasks


class Command(StudyCommand):
    help = "Look whether the planner is late, and send those in charge what is due. Safe to run at any time."

    def handle(self, *args: object, **options: object) -> None:
        tasks.tell_in_charge()
        late = queries.is_planner_late(timezone.now())
        self.stdout.write("The planner is late." if late else "The planner is on time.")
