"""`manage.py estimate`: effects with unit and time effects on any CSV or Parquet file. Touches no database."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import StudyCommand
from panel.allocation_file import read_candidates, read_station_names
from panel.estimation_file import DataInvalid, Model, read_panel
from panel.estimators.clustered import DesignInvalid, PanelArrays
from panel.estimators.estimate import DEFAULT_SEED, Randomisation, estimate_effects
from panel.estimators.randomisation import DEFAULT_DRAWS
from panel.model_choice import ModelKind, chosen_model

FEWEST_DRAWS, MOST_DRAWS = 99, 1_000_000


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
        kinds = [kind.value for kind in ModelKind]
        parser.add_argument("--model", choices=kinds, default=ModelKind.TWO_WAY.value, help="two-way, unless given")
        parser.add_argument("--base", metavar="T", help="the wave before the allocation; the first, unless given")
        parser.add_argument("--certificate", type=Path, metavar="FILE", help="of the allocation, for p.ri and ci.ri")
        parser.add_argument("--stations", type=Path, metavar="FILE.csv", help="cluster,station: of a blinded file")
        parser.add_argument("--ri-draws", type=int, default=DEFAULT_DRAWS, metavar="N")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="of all random draws")
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
            asks_who_answered=options["model"] == ModelKind.ATTRITION,
        )
        try:
            _require_seed(options["seed"])
            read = read_panel(options["data"], model)
            panel = chosen_model(read, model, ModelKind(options["model"]), base=options["base"])
            found = estimate_effects(
                _named(panel, options["stations"]),
                seed=options["seed"],
                randomisation=self._randomisation(options["certificate"], options["ri_draws"]),
                remarks=read.remarks,
            )
        except (DataInvalid, DesignInvalid) as error:
            raise CommandError(str(error), returncode=2) from error
        _write(options["out"], found.as_json())
        for warning in found.warnings:
            self.stderr.write(f"note: {warning}")
        self.stdout.write(
            f"{len(found.coefficients)} coefficients, {found.n} rows, {found.clusters} clusters: {options['out']}"
        )

    def _randomisation(self, certificate: Path | None, draws: int) -> Randomisation | None:
        if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
            raise DataInvalid(f"--ri-draws: expected {FEWEST_DRAWS} to {MOST_DRAWS:,} draws, not {draws}")
        if certificate is None:
            return None
        return Randomisation(read_candidates(certificate, progress=self._show), draws)

    def _show(self, done: int, total: int) -> None:
        self.show_progress(done, total, "partitions scored")


def _require_seed(seed: int) -> None:
    if seed < 0:
        raise DataInvalid(f"--seed: expected a whole number of 0 or more, not {seed}")


def _named(panel: PanelArrays, stations: Path | None) -> PanelArrays:
    """Give clusters their stations' codes, where a file says which is which."""
    if stations is None:
        return panel
    names = read_station_names(stations)
    return replace(panel, cluster_names=tuple(names.get(name, name) for name in panel.cluster_names))


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror}", returncode=2) from error
