"""Women who were not seen again: bounds on the effect whatever they would have said, and weights for who is like them.

Whether arms lost different shares is tested by randomisation, with "answered" (0 or 1) as the outcome of
`after_baseline`; these are the sensitivity analyses beside it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from panel.estimators.clustered import Bools, DesignInvalid, Floats, Ints, PanelArrays
from panel.estimators.designs import rows_of
from panel.estimators.remarks import remark

BOOTSTRAP_DRAWS = 2_000

_MOST_STEPS = 50
_CONVERGED = 1e-10
_CERTAIN = 30.0
_BOTH_SIDES = 2


@dataclass(frozen=True, slots=True)
class LeeBounds:
    """The least and greatest effect on those who would answer in either arm, with errors of the cluster bootstrap.

    `interval` holds the effect itself with 95 % confidence (Imbens and Manski 2004). `trimmed` is the share taken from
    the arm that answered more, which `trimmed_treated` names.
    """

    lower: float
    upper: float
    lower_se: float
    upper_se: float
    interval: tuple[float, float]
    trimmed: float
    trimmed_treated: bool


def lee_bounds(
    outcome: Floats, treated: Bools, cluster: Ints, *, seed: int, draws: int = BOOTSTRAP_DRAWS, level: float = 0.95
) -> LeeBounds:
    """Bound the effect when arms answered to different shares (Lee 2009); whole stations are drawn, arm by arm.

    One row a woman: outcome (n, NaN where she was not seen), treated (n) and codes of her station (n). The arm that
    answered more loses its highest, or lowest, values until the shares agree; a value at the edge goes in part. It is
    supposed that treatment moves answering in one direction only. Raise DesignInvalid for an arm that never answered.
    """
    there = ~np.isnan(outcome)
    if not (there & treated).any() or not (there & ~treated).any():
        raise DesignInvalid(remark("no_answer"))
    order = np.argsort(np.where(there, outcome, np.inf), kind="stable")
    ordered = _Women(np.where(there, outcome, 0.0)[order], there[order], treated[order])
    lower, upper, trimmed = ordered.bounds(np.ones((1, len(order))))
    multiples = drawn_stations(treated, cluster, draws, np.random.default_rng(seed))
    drawn = [found[np.isfinite(found)] for found in ordered.bounds(multiples[:, cluster[order]])[:2]]
    errors = [float(found.std(ddof=1)) for found in drawn]
    ends = _imbens_manski(float(lower[0]), float(upper[0]), errors, level)
    share = float(trimmed[0])
    return LeeBounds(float(lower[0]), float(upper[0]), errors[0], errors[1], ends, abs(share), share >= 0)


@dataclass(frozen=True, slots=True)
class _Women:
    """Women in the order of their outcomes, those not seen last."""

    outcome: Floats
    there: Bools
    treated: Bools

    def bounds(self, multiples: Floats) -> tuple[Floats, Floats, Floats]:
        """Return lower and upper bounds and the trimmed share (below 0: of the control), for each row of multiples."""
        answered = [
            (multiples * (self.there & own)).sum(axis=1) / (multiples * own).sum(axis=1)
            for own in (self.treated, ~self.treated)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            more = np.maximum(answered[0], answered[1])
            trimmed = np.where(more > 0, (answered[0] - answered[1]) / more, np.nan)
            low = [self._mean(multiples, own, cut) for own, cut in self._cuts(trimmed)]
            high = [self._mean(multiples[:, ::-1], own[::-1], cut, backwards=True) for own, cut in self._cuts(trimmed)]
        # The lowest of the treated against the highest of the control, and the other way round.
        return low[0] - high[1], high[0] - low[1], trimmed

    def _cuts(self, trimmed: Floats) -> tuple[tuple[Bools, Floats], tuple[Bools, Floats]]:
        return (self.treated, np.maximum(trimmed, 0)), (~self.treated, np.maximum(-trimmed, 0))

    def _mean(self, multiples: Floats, own: Bools, cut: Floats, *, backwards: bool = False) -> Floats:
        """Average the first 1 − cut of an arm's answers, in the order given."""
        outcome, there = (self.outcome[::-1], self.there[::-1]) if backwards else (self.outcome, self.there)
        weights = multiples * (there & own)
        total = weights.sum(axis=1) * (1 - cut)
        before = np.cumsum(weights, axis=1) - weights
        kept = np.clip(total[:, None] - before, 0, weights)
        mean: Floats = (kept @ outcome) / total
        return mean


def drawn_stations(treated: Bools, cluster: Ints, draws: int, rng: np.random.Generator) -> Floats:
    """Return how often each station is drawn (draws × stations), with replacement within treated and control."""
    found = np.zeros((draws, int(cluster.max()) + 1))
    for own in (treated, ~treated):
        stations = np.unique(cluster[own])
        drawn = rng.multinomial(len(stations), np.full(len(stations), 1 / len(stations)), size=draws)
        found[:, stations] += drawn
    return found


def response_weights(answered: Bools, traits: Floats, *, most: float = 10.0) -> Floats:
    """Weigh women who answered by one over their chance of it, by a logistic model of traits of the baseline.

    `traits` (n × q) without constant; the arm may be among them. Return weights of those who answered (their number),
    of mean 1, none above `most` times the mean. Raise DesignInvalid where the traits tell exactly who answered, or
    nobody did.
    """
    if answered.all():
        return np.ones(int(answered.sum()))
    spread = traits.std(axis=0)
    if (spread == 0).any():
        raise DesignInvalid(remark("trait_constant"))
    design = np.column_stack([np.ones(len(answered)), (traits - traits.mean(axis=0)) / spread])
    weights: Floats = (1 + np.exp(-design @ _logistic(design, answered)))[answered]
    weights /= weights.mean()
    return np.minimum(weights, most)


def weighted_by_response(panel: PanelArrays, traits: Floats, *, most: float = 10.0) -> PanelArrays:
    """Keep the rows with an outcome and weigh each by one over its chance to have one, period by period.

    The panel has effects of time and a row for everybody, answered or not (NaN); traits of the baseline (n × q) and the
    treatments tell the chance. Raise DesignInvalid as `response_weights` does.
    """
    answered = ~np.isnan(panel.outcome)
    weights = np.ones(len(answered))
    told = np.hstack([panel.regressors[:, : panel.treatments], traits])
    for period in range(panel.periods):
        own = panel.time == period
        if answered[own].any():
            weights[own & answered] = response_weights(answered[own], told[own], most=most)
    return rows_of(replace(panel, weights=weights), answered)


def _logistic(design: Floats, answered: Bools) -> Floats:
    """Fit by Newton's steps, until no chance changes.

    Who answers for certain weighs 1: her coefficients go on for ever, the chances do not. Where some for certain do not
    answer, nobody stands in for them.
    """
    found, before = np.zeros(design.shape[1]), np.full(len(design), 0.5)
    for _ in range(_MOST_STEPS):
        curvature = (design * (before * (1 - before))[:, None]).T @ design
        found += np.linalg.lstsq(curvature, design.T @ (answered - before), rcond=None)[0]
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -_CERTAIN, _CERTAIN)))
        moved, before = np.abs(chance - before).max(), chance
        if moved < _CONVERGED:
            break
    if (design @ found).min() < -_CERTAIN / 2:
        raise DesignInvalid(remark("answers_told"))
    return found


def _imbens_manski(lower: float, upper: float, errors: list[float], level: float) -> tuple[float, float]:
    largest = max(errors)
    if not largest:
        return lower, upper

    def missing(width: float) -> float:
        return float(stats.norm.cdf(width + (upper - lower) / largest) - stats.norm.cdf(-width) - level)

    width = float(optimize.brentq(missing, 0.0, float(stats.norm.ppf((1 + level) / _BOTH_SIDES)) + 1e-9))
    return lower - width * errors[0], upper + width * errors[1]
