"""`manage.py report`: the plan's whole analysis of a file as a page, a paper, tables, results and scripts."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.models import User
from panel import queries, services
from panel.allocation_file import read_candidates, read_station_names
from panel.analysis_plan import AnalysisPlan, PlanFileError, parse_plan, plan_sha256
from panel.enrolment import from_json
from panel.estimation_file import DataInvalid
from panel.estimators.clustered import DesignInvalid
from panel.models import Release
from panel.plan_states import PlanStanding
from panel.queries.plan_content import read_confirmed_plan
from panel.reports.making import Order, make_report
from panel.services.drawn import drawn_stations


class Command(StudyCommand):
    """Exit 0 with the report in DIR, or 2 after one line of what is wrong. Only --release asks the database."""

    help = "Run a plan's whole analysis on a data file, on shuffled arms unless --unblinded, and write the report."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--data", type=Path, metavar="FILE", help="CSV or Parquet")
        source.add_argument("--release", type=int, metavar="N", help="the frozen panel of a release")
        parser.add_argument("--by", metavar="USERNAME", help="whose release it is")
        parser.add_argument("--plan", required=True, type=Path, metavar="FILE.toml")
        parser.add_argument("--certificate", type=Path, metavar="FILE", help="of the allocation, for randomisation")
        parser.add_argument("--stations", type=Path, metavar="FILE.csv", help="cluster,station: of a blinded file")
        parser.add_argument("--also", nargs="+", default=[], metavar="Y", help="outcomes outside the plan: exploratory")
        parser.add_argument(
            "--unblinded", action="store_true", help="the arms as they are: of a release once unblinding is recorded"
        )
        parser.add_argument("--language", default="es", choices=("es", "en"))
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            with TemporaryDirectory() as folder:
                order = self._of_file(options) if options["release"] is None else _of_release(options, Path(folder))
                written = make_report(order, options["out"], progress=self._show)
        except (DataInvalid, DesignInvalid, StudyError) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        for path in written:
            self.stdout.write(str(path))

    def _of_file(self, options: dict[str, Any]) -> Order:
        certificate, stations = options["certificate"], options["stations"]
        return Order(
            data=options["data"],
            plan=_plan(options["plan"]),
            language=options["language"],
            made_at=timezone.now(),
            candidates=None if certificate is None else read_candidates(certificate, progress=self._show_scored),
            station_names={} if stations is None else read_station_names(stations),
            also=options["also"],
            rng=None if options["unblinded"] else np.random.default_rng(),
        )

    def _show(self, done: int, total: int) -> None:
        self.show_progress(done, total, "steps of the analysis")

    def _show_scored(self, done: int, total: int) -> None:
        self.show_progress(done, total, "partitions scored")


def _of_release(options: dict[str, Any], folder: Path) -> Order:
    """Bring a release's panel out, with the draw that it is shuffled within."""
    number, now = options["release"], timezone.now()
    if options["certificate"] or options["stations"]:
        raise DataInvalid("--release: it goes by the locked draw: no --certificate, --stations")
    plan = _plan(options["plan"])
    user = User.objects.filter(username=options["by"], is_active=True).first()
    if user is None:
        raise DataInvalid(f"{options['by']}: there is no such account")
    release = Release.objects.visible_to(user).filter(pk=number).first()
    if release is None:
        raise DataInvalid(f"{number}: there is no such release")
    if options["unblinded"]:
        services.require_named(user)
    drawn, standing = drawn_stations(), queries.plan_standing(plan_sha256(plan))
    return Order(
        data=services.bring_out_panel(by=user, release=release, folder=folder, now=now).path,
        plan=plan,
        language=options["language"],
        made_at=now,
        candidates=drawn.candidates,
        station_names=drawn.names,
        factors=drawn.factors,
        enrolment=from_json(release.enrolment),
        also=options["also"],
        standing=standing,
        confirmed=read_confirmed_plan() if standing is PlanStanding.LATE else None,
        rng=None if options["unblinded"] else np.random.default_rng(),
    )


def _plan(path: Path) -> AnalysisPlan:
    try:
        return parse_plan(path.read_text(encoding="utf-8"), name=path.name)
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{path.name}: expected text in UTF-8") from error
