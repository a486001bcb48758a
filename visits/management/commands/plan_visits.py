"""`manage.py plan_visits --week 2026-W48`."""

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from visits import queries, services
from visits.services.participation import PLANNER
from visits.weeks import WeekInvalid, monday_of, parse_week


class Command(StudyCommand):
    help = "Plan the visits of one week for everybody who has no plan for it yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", required=True, help="an ISO week that is not over, such as 2026-W48")

    def handle(self, *args: object, week: str, **options: object) -> None:
        try:
            counts = self._plan(week)
        except (WeekInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{week}: {counts.plans} plans and {counts.visits} visits made;"
            f" {counts.shortfall} visits short for want of safe days."
        )

    def _plan(self, week: str) -> services.PlanCounts:
        monday, counts = parse_week(week), services.PlanCounts()
        if monday < monday_of(timezone.localdate()):
            raise services.WeekIsOver
        stations = queries.stations_to_plan(monday)
        for done, station in enumerate(stations, start=1):
            counts += services.plan_week(by=PLANNER, monday=monday, station_ids=[station], now=timezone.now())
            self.show_progress(done, len(stations), "stations")
        return counts
