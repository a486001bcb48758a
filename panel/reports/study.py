"""A data file read by the plan: its planned models as arrays, everybody who was there, and the arms."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from panel.analysis_plan import AnalysisPlan, PlannedModel, Subgroup, file_model
from panel.enrolment import Enrolment
from panel.estimation_file import FilePanel, Model, read_panel, read_reasons
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import Bools, DesignInvalid, Floats, Ints, PanelArrays
from panel.estimators.estimate import Randomisation
from panel.estimators.remarks import Remark, remark
from panel.model_choice import chosen_model
from panel.plan_states import PlanStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A data file, the plan for it, the set that its allocation was drawn from, and stations by the file's letters.

    `enrolment` is what came before the file's rows, where that is known. `standing` says how the plan stands; of one
    that was locked after unblinding, `confirmed` is the plan before it.
    """

    path: Path
    plan: AnalysisPlan
    candidates: CandidateSet | None = None
    station_names: Mapping[str, str] = field(default_factory=dict)
    enrolment: Enrolment | None = None
    standing: PlanStanding = PlanStanding.UNCHECKED
    confirmed: AnalysisPlan | None = None

    @property
    def randomisation(self) -> Randomisation | None:
        return None if self.candidates is None else Randomisation(self.candidates, self.plan.ri_draws)

    def read(self, model: Model) -> FilePanel:
        """Read the file's columns, its stations under the names of the allocation. Raise DataInvalid."""
        found = read_panel(self.path, model)
        names = tuple(self.station_names.get(name, name) for name in found.panel.cluster_names)
        return replace(found, panel=replace(found.panel, cluster_names=names))

    def planned(
        self, outcome: str, model: PlannedModel, subgroup: Subgroup | None = None
    ) -> tuple[PanelArrays, tuple[Remark, ...]]:
        """Return the panel of an outcome in a planned model, and what was left out; raise as those do."""
        columns = file_model(self.plan, outcome, model, subgroup=subgroup)
        read = self.read(columns)
        return chosen_model(read, columns, model.model_kind, base=self.plan.base), read.remarks


@dataclass(frozen=True, slots=True)
class Everyone:
    """All rows of an outcome in the primary model's columns, NaN where she was not seen, and each row's arm.

    `ever` (n × k) has what a woman's station was given, also in the rows of before; `arm` (n) numbers `arms`. `why` (n)
    has the code of why a value is not there, "" where none is said.
    """

    panel: PanelArrays
    ever: Floats
    arm: Ints
    arms: tuple[str, ...]
    periods: tuple[str, ...]
    base: int
    why: tuple[str, ...]

    @property
    def factors(self) -> tuple[int, ...]:
        """Return the treatments that are no product of two others."""
        columns = range(self.ever.shape[1])
        products = {
            j
            for j in columns
            for a, b in combinations([c for c in columns if c != j], 2)
            if np.array_equal(self.ever[:, j], self.ever[:, a] * self.ever[:, b]) and self.ever[:, j].any()
        }
        return tuple(j for j in columns if j not in products)


def everyone(study: Study, outcome: str) -> Everyone:
    """Read all rows that there are, answered or not. Raise DataInvalid, and DesignInvalid where the base has no row."""
    columns = replace(file_model(study.plan, outcome, study.plan.primary), covariates=(), by_time=())
    there = study.read(replace(columns, asks_who_answered=True, has_not_due=True))
    answered = there.panel.outcome == 1
    values = np.full(len(answered), np.nan)
    values[answered] = study.read(columns).panel.outcome
    if study.plan.base not in there.periods:
        raise DesignInvalid(remark("no_base", base=study.plan.base, periods=", ".join(there.periods)))
    panel = replace(there.panel, outcome=values)
    ever = _ever(panel)
    rows, arm = np.unique(ever, axis=0, return_inverse=True)
    said = read_reasons(study.path, outcome)
    why = tuple("" if said is None else said[row] for row in there.rows)
    bare = Everyone(panel, ever, np.asarray(arm, dtype=np.int64).reshape(-1), (), there.periods, 0, why)
    names = tuple(_arm_name(row, panel.names, bare.factors) for row in rows)
    return replace(bare, arms=names, base=there.periods.index(study.plan.base))


def last_wave(there: Everyone) -> Bools:
    """Return which rows are of the last period."""
    return np.asarray(there.panel.time == there.panel.periods - 1)


def _ever(panel: PanelArrays) -> Floats:
    found = np.zeros((int(panel.unit.max()) + 1, panel.treatments))
    for j in range(panel.treatments):
        np.maximum.at(found[:, j], panel.unit, panel.regressors[:, j])
    rows: Floats = found[panel.unit]
    return rows


def _arm_name(row: Floats, names: tuple[str, ...], factors: tuple[int, ...]) -> str:
    return " + ".join(names[j] for j in factors if row[j]) or "–"
