"""`manage.py estimate`: effects with unit and time effects on any CSV or Parquet file. Touches no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import StudyCommand
from panel.estimation_file import DataInvalid, Model, read_panel
from panel.estimators.clustered import DesignInvalid
from panel.estimators.estimate import DEFAULT_SEED, estimate_effects
from panel.model_choice import ModelKind, chosen_model


class Command(StudyCommand):
    help = "Estimate effects with unit and time effects, with every few-cluster inference side by side, as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", required=True, type=Path, metavar="FILE", help="CSV or Parquet")
        parser.add_argument("--outcome", required=True, metavar="Y")
        parser.add_argument("--treatment", required=True, nargs="+", metavar="D")
        parser.add_argument("--unit", required=True, metavar="U", help="the column of the woman")
        parser.add_argument("--time", required=True, metavar="T", help="the column of the wave")
        parser.add_argument("--cluster", required=True, metavar="G", help="the column of the station")
        parser.add_argument("--covariates", nargs="+", default=[], metavar="X")
        parser.add_argument(
            "--by-time", nargs="+", default=[], metavar="X", help="traits of woman or district, times each wave"
        )
        parser.add_argument("--moderator", metavar="X", help="a trait of the baseline by which effects may differ")
        parser.add_argument(
            "--model", type=ModelKind, default=ModelKind.TWO_WAY, metavar="KIND", help=", ".join(ModelKind)
        )
        parser.add_argument("--base", metavar="T", help="the wave before the allocation; the first, unless given")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="of the random draws past 16 clusters")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.json")

    def handle(self, *args: object, **options: Any) -> None:
        model = Model(
            outcome=options["outcome"],
            treatments=tuple(options["treatment"]),
            covariates=tuple(options["covariates"]),
            unit=options["unit"],
            time=options["time"],
            cluster=options["cluster"],
            by_time=tuple(options["by_time"]),
            moderator=options["moderator"],
        )
        try:
            read = read_panel(options["data"], model)
            panel = chosen_model(read, model, options["model"], base=options["base"])
            found = estimate_effects(panel, seed=options["seed"], warnings=read.warnings)
        except (DataInvalid, DesignInvalid) as error:
            raise CommandError(str(error), returncode=2) from error
        _write(options["out"], found.as_json())
        for warning in found.warnings:
            self.stderr.write(f"note: {warning}")
        self.stdout.write(
            f"{len(found.coefficients)} coefficients, {found.n} rows, {found.clusters} clusters: {options['out']}"
        )


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror}", returncode=2) from error
