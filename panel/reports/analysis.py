"""The plan's analysis from beginning to end, step by step, with progress."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from panel.analysis_plan import AnalysisPlan, PlannedModel, Subgroup, file_model, is_planned, plan_sha256
from panel.estimation_file import DataInvalid
from panel.estimators.candidates import Ways
from panel.estimators.clustered import DesignInvalid, PanelArrays
from panel.estimators.estimate import estimate_effects
from panel.estimators.multiplicity import family_of
from panel.estimators.randomisation import cells_of, coefficients_by_way, share_as_large, ways_for_all
from panel.estimators.remarks import remark
from panel.reports.findings import Balance, Bounds, Distribution, Effect, FamilyTest, Findings, Flow, Likeness
from panel.reports.sensitivity import balance_of, bounds_of, flow_of, likeness_of, trial_flows, weighted_effect
from panel.reports.study import Study
from panel.reports.trial_flow import TrialFlow

Progress = Callable[[int, int], None]
T = TypeVar("T")
NOT_TO_BE_HAD = (DataInvalid, DesignInvalid)


@dataclass(slots=True)
class _Found:
    effects: list[Effect] = field(default_factory=list)
    weighted: list[Effect] = field(default_factory=list)
    families: list[FamilyTest] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)
    bounds: list[Bounds] = field(default_factory=list)
    likeness: list[Likeness] = field(default_factory=list)
    balance: list[Balance] = field(default_factory=list)
    flow: list[Flow] = field(default_factory=list)
    trial_flows: list[TrialFlow] = field(default_factory=list)


def analyse(study: Study, *, is_blinded: bool, also: Sequence[str] = (), progress: Progress | None = None) -> Findings:
    """Run all that the plan says on a file whose treatments are the true ones or shuffled; `also` is exploratory.

    A part that cannot be estimated says why in its place. Raise DataInvalid where no outcome has an estimate of the
    model that it is read in.
    """
    found = _Found()
    steps = list(_steps(study, found, also))
    for done, step in enumerate(steps, start=1):
        step()
        if progress is not None:
            progress(done, len(steps))
    main = [
        effect
        for effect in found.effects
        if effect.is_planned
        and effect.subgroup is None
        and effect.model.code == study.plan.main_model(effect.outcome).code
    ]
    if all(effect.estimate is None for effect in main):
        raise DataInvalid(main[0].problem or remark("no_row"))
    return Findings(
        plan=study.plan,
        plan_sha256=plan_sha256(study.plan),
        is_blinded=is_blinded,
        standing=study.standing,
        confirmed=study.confirmed,
        effects=tuple(found.effects),
        weighted=tuple(found.weighted),
        families=tuple(found.families),
        distributions=tuple(found.distributions),
        bounds=tuple(found.bounds),
        likeness=tuple(found.likeness),
        balance=tuple(found.balance),
        flow=tuple(found.flow),
        trial_flow=next(iter(found.trial_flows), None),
    )


def _steps(study: Study, found: _Found, also: Sequence[str]) -> Iterator[Callable[[], None]]:
    plan, codes = study.plan, [outcome.code for outcome in study.plan.outcomes]
    models = {model.code: model for model in plan.models}
    for outcome in codes:
        for model in plan.models:
            yield _kept(found.effects, _effect, study, outcome, model)
        for group in plan.subgroups:
            yield _kept(found.effects, _effect, study, outcome, models[group.model], group)
        if _is_asked(plan, "response_weights", outcome):
            yield _kept(found.weighted, weighted_effect, study, outcome)
        if _is_asked(plan, "lee_bounds", outcome):
            yield _all_kept(found.bounds, bounds_of, study, outcome)
        yield _kept(found.likeness, likeness_of, study, outcome)
    for outcome in also:
        yield _kept(found.effects, _effect, study, outcome, plan.primary)
    for family in plan.families:
        for treatment in plan.primary.treatments:
            yield _kept(found.families, _family, study, family.code, family.outcomes, treatment)
    for column in [*codes, *(group.column for group in plan.subgroups)]:
        yield _kept(found.balance, balance_of, study, column)
    yield _all_kept(found.distributions, _distributions, study, codes)
    yield _all_kept(found.flow, flow_of, study, codes)
    yield _all_kept(found.trial_flows, trial_flows, study, codes)


def _is_asked(plan: AnalysisPlan, kind: str, outcome: str) -> bool:
    """Say whether a sensitivity analysis is made: of outcomes that the plan names, or of all where it names none."""
    return plan.foresees(kind, outcome) or not any(part.kind == kind for part in plan.sensitivity)


def _kept(into: list[T], find: Callable[..., T], *arguments: object) -> Callable[[], None]:
    return lambda: into.append(find(*arguments))


def _all_kept(into: list[T], find: Callable[..., list[T]], *arguments: object) -> Callable[[], None]:
    return lambda: into.extend(find(*arguments))


def _effect(study: Study, outcome: str, model: PlannedModel, subgroup: Subgroup | None = None) -> Effect:
    planned = is_planned(study.plan, file_model(study.plan, outcome, model, subgroup=subgroup), model.model_kind)
    try:
        panel, remarks = study.planned(outcome, model, subgroup)
        estimate = estimate_effects(panel, seed=study.plan.seed, randomisation=study.randomisation, remarks=remarks)
    except NOT_TO_BE_HAD as error:
        return Effect(outcome=outcome, model=model, subgroup=subgroup, is_planned=planned, problem=error.remark)
    return Effect(
        outcome=outcome,
        model=model,
        subgroup=subgroup,
        is_planned=planned,
        estimate=estimate,
        treatments=panel.treatments,
    )


def _family(study: Study, family: str, outcomes: Sequence[str], treatment: str) -> FamilyTest:
    try:
        panels = {outcome: study.planned(outcome, study.plan.main_model(outcome))[0] for outcome in outcomes}
        return FamilyTest(family, treatment, family_of(panels, treatment, seed=study.plan.seed))
    except NOT_TO_BE_HAD as error:
        return FamilyTest(family, treatment, problem=error.remark)


def _distributions(study: Study, outcomes: Sequence[str]) -> list[Distribution]:
    """Give all arms again and keep what each way would have found, by outcome and treatment of its model."""
    if study.candidates is None:
        return []
    try:
        ways = ways_for_all(study.candidates, draws=study.plan.ri_draws, seed=study.plan.seed)
    except DesignInvalid:
        return []
    found: list[Distribution] = []
    for outcome in outcomes:
        try:
            found += _distribution(study, outcome, study.planned(outcome, study.plan.main_model(outcome))[0], ways)
        except NOT_TO_BE_HAD:
            # The effect itself says why.
            continue
    return found


def _distribution(study: Study, outcome: str, panel: PanelArrays, ways: Ways) -> list[Distribution]:
    if study.candidates is None:
        return []
    cells = cells_of(panel, study.candidates)
    drawn = coefficients_by_way(cells, ways.allocations, cells.outcome[:, None])[:, :, 0]
    return [
        Distribution(outcome, panel.names[j], drawn[:, j], share_as_large(drawn[:, j]), ways.told)
        for j in range(panel.treatments)
    ]
