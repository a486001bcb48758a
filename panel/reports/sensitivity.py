"""What stands beside the effects: who was there, how alike arms began, who was lost, and what could be found."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from panel.estimation_file import DataInvalid
from panel.estimators.attrition import lee_bounds, weighted_by_response
from panel.estimators.clustered import Bools, DesignInvalid, Effects, Floats, Ints
from panel.estimators.designs import ancova, rows_of
from panel.estimators.estimate import estimate_effects
from panel.estimators.icc import detectable_at, icc_of
from panel.estimators.remarks import Remark, remark
from panel.reports.findings import Balance, Bounds, Effect, Flow, Likeness
from panel.reports.study import Everyone, Study, everyone, last_wave
from panel.reports.trial_flow import TrialFlow, trial_flow
from panel.small_cells import SMALLEST_SHOWN
from stations.power import ARMS, Comparison

WEIGHTED = "weighted"
_FEWEST_STATIONS = 2


def weighted_effect(study: Study, outcome: str) -> Effect:
    """Estimate the effect after baseline with women weighed by one over their chance to answer.

    What tells the chance is the arm and her outcome at baseline.
    """
    model = study.plan.primary.model_copy(update={"code": WEIGHTED, "kind": "ancova", "is_primary": False})
    planned = study.plan.foresees("response_weights", outcome)
    try:
        there = everyone(study, outcome)
        panel = ancova(there.panel, base=there.base)
        found = weighted_by_response(panel, panel.regressors[:, panel.treatments :])
        estimate = estimate_effects(found, seed=study.plan.seed, randomisation=study.randomisation)
    except (DataInvalid, DesignInvalid) as error:
        return Effect(outcome=outcome, model=model, is_planned=planned, problem=error.remark)
    return Effect(outcome=outcome, model=model, is_planned=planned, estimate=estimate, treatments=panel.treatments)


def bounds_of(study: Study, outcome: str) -> list[Bounds]:
    """Bound each factor's effect at the last wave, with it against without it, whatever women not seen would say."""
    try:
        there = everyone(study, outcome)
    except (DataInvalid, DesignInvalid) as error:
        return [Bounds(outcome, treatment, problem=error.remark) for treatment in study.plan.primary.treatments]
    return [_bounds(study, outcome, there, j) for j in there.factors]


def _bounds(study: Study, outcome: str, there: Everyone, column: int) -> Bounds:
    last, name = last_wave(there), there.panel.names[column]
    treated = np.asarray(there.ever[last, column] > 0)
    try:
        found = lee_bounds(there.panel.outcome[last], treated, _coded(there.panel.cluster[last]), seed=study.plan.seed)
    except DesignInvalid as error:
        return Bounds(outcome, name, problem=error.remark)
    return Bounds(outcome, name, found)


def likeness_of(study: Study, outcome: str) -> Likeness:
    """Return the intracluster correlation at the last wave and, in a trial of two factors, what it can find by it."""
    try:
        there = everyone(study, outcome)
        seen = last_wave(there) & ~np.isnan(there.panel.outcome)
        _require_any(seen, remark("no_last_answer", column=outcome))
        values, cluster, arm = there.panel.outcome[seen], _coded(there.panel.cluster[seen]), _coded(there.arm[seen])
        icc = icc_of(values, cluster, arm)
    except (DataInvalid, DesignInvalid) as error:
        return Likeness(outcome, problem=error.remark)
    deviation = _deviation_within(values, arm)
    stations = (int(cluster.max()) + 1) // (int(arm.max()) + 1)
    if int(arm.max()) + 1 != ARMS or stations < _FEWEST_STATIONS:
        return Likeness(outcome, icc, deviation, stations)
    women = max(icc.women_per_station, 1.0)
    detectable = detectable_at(
        icc.value, stations_per_arm=stations, women=women, comparison=Comparison.MAIN, deviation=deviation
    )
    return Likeness(outcome, icc, deviation, stations, detectable)


def balance_of(study: Study, column: str) -> Balance:
    """Compare a column between arms in the base period."""
    try:
        there = everyone(study, column)
        seen = (there.panel.time == there.base) & ~np.isnan(there.panel.outcome)
        _require_any(seen, remark("no_base_value", column=column))
        values, arm = there.panel.outcome[seen], there.arm[seen]
        means = {name: float(values[arm == code].mean()) for code, name in enumerate(there.arms) if (arm == code).any()}
        before = rows_of(replace(there.panel, regressors=there.ever, effects=Effects.TIME), seen)
        found = estimate_effects(before, seed=study.plan.seed, randomisation=study.randomisation)
    except (DataInvalid, DesignInvalid) as error:
        return Balance(column, {}, None, {}, error.remark)
    method = "cr2" if study.randomisation is None else "ri_all"
    p = {coefficient.name: coefficient.p[method] for coefficient in found.coefficients}
    return Balance(
        column, means, _largest(values, arm), p, largest_by_station=_largest(*_by_station(there, seen)),
    )  # fmt: skip


def _largest(values: Floats, arm: Ints) -> float | None:
    """Return the difference of the greatest and the least arm's mean, in deviations within arms."""
    codes = _coded(arm)
    means, spread = np.bincount(codes, weights=values) / np.bincount(codes), _deviation_within(values, codes)
    return float(means.max() - means.min()) / spread if spread else None


def _by_station(there: Everyone, seen: Bools) -> tuple[Floats, Ints]:
    """Return each station's mean of the rows seen, and its arm."""
    station = _coded(there.panel.cluster[seen])
    arm = np.zeros(int(station.max()) + 1, dtype=np.int64)
    arm[station] = there.arm[seen]
    return np.bincount(station, weights=there.panel.outcome[seen]) / np.bincount(station), arm


def flow_of(study: Study, outcomes: Sequence[str]) -> list[Flow]:
    """Count women by period and arm, and those with the first outcome that there is; never fewer than five."""
    there = _first_there(study, outcomes)
    if there is None:
        return []
    found = []
    for period, label in enumerate(there.periods):
        for code, name in enumerate(there.arms):
            own = (there.panel.time == period) & (there.arm == code)
            women, answered = int(own.sum()), int((own & ~np.isnan(there.panel.outcome)).sum())
            hidden = any(0 < count < SMALLEST_SHOWN for count in (answered, women - answered))
            stations = len(np.unique(there.panel.cluster[own]))
            found.append(
                Flow(
                    label,
                    name,
                    stations,
                    None if 0 < women < SMALLEST_SHOWN else women,
                    None if hidden else answered,
                )
            )
    return found


def trial_flows(study: Study, outcomes: Sequence[str]) -> list[TrialFlow]:
    """Return the trial's flow by the first outcome that there is; none without one."""
    there = _first_there(study, outcomes)
    return [] if there is None else [trial_flow(study, there)]


def _first_there(study: Study, outcomes: Sequence[str]) -> Everyone | None:
    for outcome in outcomes:
        with suppress(DataInvalid, DesignInvalid):
            return everyone(study, outcome)
    return None


def _require_any(rows: Bools, why: Remark) -> None:
    if not rows.any():
        raise DesignInvalid(why)


def _coded(codes: Ints) -> Ints:
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)


def _deviation_within(values: Floats, arm: Ints) -> float:
    """Return the standard deviation of values about their arm's mean."""
    means = np.bincount(arm, weights=values) / np.bincount(arm)
    freedom = max(len(values) - len(means), 1)
    return float(np.sqrt(((values - means[arm]) ** 2).sum() / freedom))
