"""What an analysis finds, as a report writes it: every number with the plan's word on it, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from panel.analysis_plan import AnalysisPlan, PlannedModel, Subgroup, file_model, is_planned
from panel.estimators.attrition import LeeBounds
from panel.estimators.clustered import Floats
from panel.estimators.estimate import Coefficient, Estimate
from panel.estimators.icc import Icc
from panel.estimators.multiplicity import FamilyMember
from panel.estimators.remarks import Remark
from panel.plan_states import PlanStanding
from panel.reports.trial_flow import TrialFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An outcome in a model: its estimate, or the remark that says why there is none."""

    outcome: str
    model: PlannedModel
    subgroup: Subgroup | None = None
    is_planned: bool
    estimate: Estimate | None = None
    treatments: int = 0
    problem: Remark | None = None

    @property
    def coefficients(self) -> Sequence[Coefficient]:
        """Return those of what was allocated, without covariates."""
        return () if self.estimate is None else self.estimate.coefficients[: self.treatments]


@dataclass(frozen=True, slots=True)
class FamilyTest:
    """A family's p-values for one treatment in the primary model."""

    family: str
    treatment: str
    members: tuple[FamilyMember, ...] = ()
    problem: Remark | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The coefficients that other allocations of the set would have given, the study's own first."""

    outcome: str
    treatment: str
    coefficients: Floats
    p: float
    told: Remark


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lee's bounds of one treatment at the last wave."""

    outcome: str
    treatment: str
    bounds: LeeBounds | None = None
    problem: Remark | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike women of a station are at the last wave, and the effect that the trial finds by it (power .80)."""

    outcome: str
    icc: Icc | None = None
    deviation: float = 0.0
    stations_per_arm: int = 0
    detectable: float | None = None
    problem: Remark | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A column before the allocation: its mean in each arm, the largest standardised difference, and joint p by RI.

    The difference is in deviations of women, and, between means of stations, in deviations of stations.
    """

    column: str
    means: dict[str, float]
    largest: float | None
    p: dict[str, float | None]
    problem: Remark | None = None
    largest_by_station: float | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Women of an arm at a period, and those of them with an outcome; None where a few women would show."""

    period: str
    arm: str
    stations: int
    women: int | None
    answered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A whole analysis. `is_blinded`: of shuffled arms, so that no number says anything about the study.

    `standing` says how the plan stands. Of a plan that was locked after unblinding, `confirmed` is the one before it.
    """

    plan: AnalysisPlan
    plan_sha256: str
    is_blinded: bool
    standing: PlanStanding
    confirmed: AnalysisPlan | None
    effects: tuple[Effect, ...]
    weighted: tuple[Effect, ...]
    families: tuple[FamilyTest, ...]
    distributions: tuple[Distribution, ...]
    bounds: tuple[Bounds, ...]
    likeness: tuple[Likeness, ...]
    balance: tuple[Balance, ...]
    flow: tuple[Flow, ...]
    trial_flow: TrialFlow | None

    def of(self, outcome: str, *kinds: str) -> list[Effect]:
        """Return an outcome's planned effects by kinds of model, without those by a trait."""
        return [
            effect
            for effect in self.effects
            if effect.outcome == outcome
            and effect.subgroup is None
            and effect.is_planned
            and (effect.model.kind in kinds or not kinds)
        ]

    def of_waves(self, outcome: str) -> list[tuple[Effect, str]]:
        """Return an outcome's effects by wave, each with what it is called: by its model where there are several."""
        effects = self.of(outcome, "event")
        return [(e, f"{outcome}_{e.model.code}" if len(effects) > 1 else outcome) for e in effects]

    def is_late(self, effect: Effect) -> bool:
        """Say whether a plan that was locked after unblinding added this to the one before it."""
        if self.confirmed is None or not effect.is_planned:
            return False
        model = file_model(self.plan, effect.outcome, effect.model, subgroup=effect.subgroup)
        is_same = self.confirmed.base == self.plan.base
        return not (is_same and is_planned(self.confirmed, model, effect.model.model_kind))

    def is_read_otherwise(self, outcome: str) -> bool:
        """Say whether a plan that was locked after unblinding reads an outcome in another model than the one before."""
        if self.confirmed is None:
            return False
        now, before = (plan.main_model(outcome) for plan in (self.plan, self.confirmed))
        columns = [file_model(plan, outcome, model) for plan, model in ((self.plan, now), (self.confirmed, before))]
        return columns[0] != columns[1] or now.kind != before.kind

    def primary(self, outcome: str) -> Effect:
        """Return an outcome's effect in the model that it is read in."""
        return next(effect for effect in self.of(outcome) if effect.model.code == self.plan.main_model(outcome).code)
