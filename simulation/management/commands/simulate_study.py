"""`manage.py simulate_study --seed N [--clusters 16 --participants 1600 --months 12 --scale K]`."""

import time
from argparse import ArgumentParser
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from simulation.loader import load_study
from simulation.team import DEMO_PASSWORD
from simulation.world import SettingsInvalid, WorldSettings, write_truth

DEFAULT_TRUTH = Path(settings.VAR_DIR) / "simulation" / "truth.json"


def parse_day(text: str | None) -> date:
    """Read a day written YYYY-MM-DD; today in Lima when there is none. Raises SettingsInvalid."""
    if text is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsInvalid(f"as-of: expected a day written like 2026-11-23, not {text}") from error


class Command(StudyCommand):
    help = "Fill an empty database with a synthetic study whose true effects are written beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, required=True, help="a whole number; the same seed makes the same data")
        parser.add_argument("--clusters", type=int, default=16, help="stations, a multiple of 4 (default 16)")
        parser.add_argument("--participants", type=int, default=1600, help="women, in all stations (default 1600)")
        parser.add_argument("--months", type=int, default=12, help="months each woman is followed (default 12)")
        parser.add_argument("--elapsed", type=int, help="months gone by since the first enrolment (default 10 of 12)")
        parser.add_argument("--scale", type=int, default=1, help="that many times the participants (default 1)")
        parser.add_argument("--icc", type=float, default=0.02, help="intra-cluster correlation (default 0.02)")
        parser.add_argument("--as-of", help="the study's today, YYYY-MM-DD (default: today)")
        parser.add_argument("--truth", type=Path, default=DEFAULT_TRUTH, help=f"where the truth goes ({DEFAULT_TRUTH})")

    def handle(self, *args: object, truth: Path, **options: object) -> None:
        if settings.PRODUCTION:
            message = "a production database takes no synthetic study: its accounts share a password that is public"
            raise CommandError(message, returncode=2)
        started = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"[{time.monotonic() - started:5.1f} s] {text}")
            self.stdout.flush()

        try:
            world = _world_settings(options)
            loaded = load_study(world, now=_moment(world.as_of), say=say)
        except (SettingsInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            write_truth(world, truth)
        except OSError as error:
            raise CommandError(f"{truth}: cannot be written ({error.strerror})", returncode=2) from error
        say(f"{loaded.women} women, {loaded.visits} visits; the truth is in {truth}")
        self.stdout.write(f"SHA-256 of the data: {loaded.digest}. Password of all accounts: {DEMO_PASSWORD}")


def _world_settings(options: dict[str, object]) -> WorldSettings:
    months = int(str(options["months"]))
    elapsed = options["elapsed"]
    return WorldSettings(
        seed=int(str(options["seed"])),
        as_of=parse_day(options["as_of"] if options["as_of"] is None else str(options["as_of"])),
        clusters=int(str(options["clusters"])),
        participants=int(str(options["participants"])),
        months=months,
        elapsed_months=max(1, round(months * 10 / 12)) if elapsed is None else int(str(elapsed)),
        scale=int(str(options["scale"])),
        icc=float(str(options["icc"])),
    )


def _moment(day: date) -> datetime:
    """Return now on today's date, else the morning of the day: what is simulated ends there."""
    now = timezone.now()
    if timezone.localdate(now) == day:
        return now
    return timezone.make_aware(datetime.combine(day, time_of_day(8)))
