"""The wild cluster bootstrap with the null imposed: every Rademacher draw when there are few clusters.

Cameron, Gelbach and Miller (2008). Each draw is made from the clusters' scores, its effects fitted again: 2^16 draws
of 16 clusters take a fraction of a second.
"""

from dataclasses import dataclass

import numpy as np

from panel.estimators.two_way import Floats, TwoWayFit

ALL_DRAWS_UP_TO = 16
"""Clusters up to which every sign vector is drawn."""
RANDOM_DRAWS = 9_999

_TIE = 1e-9
_DOUBLINGS = 30
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class WildTest:
    """p (at least one draw's worth, never 0), the interval of values that it does not refuse, and the draws."""

    p: float
    interval: tuple[float, float] | None
    draws: int


def draw_signs(clusters: int, seed: int) -> Floats:
    """Return draws × clusters of ±1: all 2^G for up to 16 clusters, otherwise the data's own signs and 9,999 seeded."""
    if clusters <= ALL_DRAWS_UP_TO:
        bits = np.arange(2**clusters)[:, None] >> np.arange(clusters)
        return np.asarray(1.0 - 2.0 * (bits & 1))
    drawn = np.random.default_rng(seed).integers(0, 2, size=(RANDOM_DRAWS, clusters))
    return np.vstack([np.ones((1, clusters)), 1.0 - 2.0 * drawn])


def wild_test(fit: TwoWayFit, coefficient: int, signs: Floats, *, level: float = 0.95) -> WildTest:
    """Test that a coefficient is 0 and invert the test for an interval; None where it has no end.

    p is the share of draws whose |t| is at least the data's own, ties counted.
    """
    p = _p_value(fit, coefficient, signs, 0.0)
    alpha = 1 - level
    estimate = float(fit.coefficients[coefficient])
    step = float(np.sqrt(((fit.scores @ fit.contrasts[coefficient]) ** 2).sum()))
    if step == 0.0 or 2.0 / len(signs) > alpha:
        return WildTest(p, None, len(signs))
    ends = [_end(fit, coefficient, signs, estimate, side * step, alpha) for side in (-1, 1)]
    interval = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
    return WildTest(p, interval, len(signs))


def _p_value(fit: TwoWayFit, coefficient: int, signs: Floats, null: float) -> float:
    contrast = fit.contrasts[coefficient]
    distance = float(fit.coefficients[coefficient]) - null
    restricted = fit.scores + (fit.gram @ contrast) * (distance / float(contrast @ contrast))
    moves = restricted @ contrast
    fitted_again = np.einsum("hrs,r,gs->gh", fit.gram, contrast, restricted, optimize=True)
    estimates = signs @ moves
    spread = ((signs * moves - signs @ fitted_again) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        squared = np.nan_to_num(estimates**2 / spread, nan=0.0, posinf=np.inf)
    own = squared[0]
    return float(np.mean(squared >= own * (1 - _TIE)))


def _end(fit: TwoWayFit, coefficient: int, signs: Floats, estimate: float, step: float, alpha: float) -> float | None:
    """Search outwards from the estimate for the value where p falls to alpha; None if it never does."""
    inside, outside = estimate, estimate + 2 * step
    for _ in range(_DOUBLINGS):
        if _p_value(fit, coefficient, signs, outside) < alpha:
            break
        inside, outside = outside, outside + 2 * (outside - estimate)
    else:
        return None
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if _p_value(fit, coefficient, signs, middle) < alpha:
            outside = middle
        else:
            inside = middle
    return inside
