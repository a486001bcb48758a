"""From a data file and a plan to a whole report, on shuffled arms unless told that unblinding was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from panel.analysis_plan import AnalysisPlan
from panel.enrolment import Enrolment
from panel.estimation_file import DataInvalid, key_texts, no_column, read_frame
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import Bools
from panel.plan_states import PlanStanding
from panel.reports.analysis import Progress, analyse
from panel.reports.findings import Findings
from panel.reports.rerun import candidates_json, draws_csv
from panel.reports.shuffling import (
    arms_by_period,
    donors_at_random,
    donors_within,
    shuffled_candidates,
    with_arms_of,
    with_factors,
)
from panel.reports.study import Study
from panel.reports.writing import Cover, write_report


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A report as it was asked for; `also` are outcomes outside the plan, `rng` shuffles (None: arms as they are).

    `factors` say what each station was given, for a file without the arms. `standing` is the plan's own; of
    one that was locked after unblinding, `confirmed` is the plan before it.
    `enrolment` is what came before the file's rows, by the file's stations. `locks` are those under which its data
    stand; None where nobody could know.
    """

    data: Path
    plan: AnalysisPlan
    language: str
    made_at: datetime
    candidates: CandidateSet | None = None
    station_names: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, Bools] = field(default_factory=dict)
    enrolment: Enrolment | None = None
    standing: PlanStanding = PlanStanding.UNCHECKED
    locks: Sequence[Mapping[str, Any]] | None = None
    confirmed: AnalysisPlan | None = None
    also: Sequence[str] = ()
    rng: np.random.Generator | None = None

    def cover(self, language: str) -> Cover:
        """Return what the report is of, in a language."""
        return Cover(
            data=self.data.name, language=language, made_at=self.made_at, standing=self.standing, locks=self.locks
        )


@dataclass(frozen=True, slots=True)
class Run:
    """An analysis that was run: what it found, and what its scripts need beside the results, by the file's name."""

    found: Findings
    inputs: Mapping[str, str]


def make_report(order: Order, folder: Path, *, progress: Progress | None = None) -> list[Path]:
    """Run the analysis and write its files into the folder; return them. Raise DataInvalid or OSError."""
    run = run_analysis(order, progress=progress)
    return write_report(run.found, order.cover(order.language), run.inputs, folder)


def run_analysis(order: Order, *, progress: Progress | None = None) -> Run:
    """Run all that the plan says. Raise DataInvalid or OSError."""
    frame, treatments = read_frame(order.data), _treatments(order.plan)
    columns, path, candidates = order.plan.columns, order.data, order.candidates
    keys = {"cluster": columns.cluster, "time": columns.time}
    _require_keys(order, frame, treatments)
    has_arms = not order.factors or set(treatments) <= set(frame.columns)
    if not has_arms:
        frame = with_factors(frame, order.factors, base=order.plan.base, **keys)
    _require_columns(order, frame, [*treatments, *order.also])
    with TemporaryDirectory() as kept:
        if order.rng is not None:
            frame, candidates = _shuffled(order, frame, treatments, order.rng)
        if order.rng is not None or not has_arms:
            path = Path(kept) / order.data.name
            frame.write_parquet(path) if path.suffix.lower() == ".parquet" else frame.write_csv(path)
        study = Study(
            path=path,
            plan=order.plan,
            candidates=candidates,
            station_names=order.station_names,
            enrolment=order.enrolment,
            standing=order.standing,
            confirmed=order.confirmed,
        )
        found = analyse(study, is_blinded=order.rng is not None, also=order.also, progress=progress)
        inputs = {"arms.csv": arms_by_period(frame, treatments, **keys).write_csv(), **draws_csv(study)}
    if candidates is not None and not order.station_names:
        inputs["candidates.json"] = candidates_json(candidates)
    return Run(found, inputs)


def _shuffled(
    order: Order, frame: pl.DataFrame, treatments: Sequence[str], rng: np.random.Generator
) -> tuple[pl.DataFrame, CandidateSet | None]:
    cluster, time = order.plan.columns.cluster, order.plan.columns.time
    stations = frame[cluster].cast(pl.String).str.strip_chars().unique().drop_nulls().sort().to_list()
    if order.candidates is None:
        return with_arms_of(frame, donors_at_random(stations, rng), treatments, cluster=cluster, time=time), None
    shuffled = shuffled_candidates(order.candidates, rng)
    donors = donors_within(order.candidates, shuffled, order.station_names, stations)
    drawn = dict(zip(order.candidates.stations, order.candidates.actual.tolist(), strict=True))
    arms = {station: drawn[order.station_names.get(station, station)] for station in stations}
    return with_arms_of(frame, donors, treatments, arms, cluster=cluster, time=time), shuffled


def _treatments(plan: AnalysisPlan) -> list[str]:
    return list(dict.fromkeys(name for model in plan.models for name in model.treatments))


def _require_keys(order: Order, frame: pl.DataFrame, treatments: Sequence[str]) -> None:
    keys = list(order.plan.columns.model_dump().values())
    _require_columns(order, frame, keys)
    if wrong := [name for name in treatments if name in keys]:
        raise DataInvalid(f"{', '.join(wrong)}: a column of woman, wave or station is no treatment")
    for name in keys:
        key_texts(frame[name], order.data)


def _require_columns(order: Order, frame: pl.DataFrame, wanted: Sequence[str]) -> None:
    if missing := [name for name in wanted if name not in frame.columns]:
        raise DataInvalid(no_column(order.data, missing, frame.columns))
