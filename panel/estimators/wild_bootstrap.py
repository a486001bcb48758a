"""The wild cluster bootstrap with the null imposed: every Rademacher draw when there are few clusters.

Cameron, Gelbach and Miller (2008). Each draw is made from the clusters' scores, its effects fitted again: 2^16 draws
of 16 clusters take a fraction of a second.
"""

from dataclasses import dataclass

import numpy as np

from panel.estimators.clustered import ClusteredFit, Floats

ALL_DRAWS_UP_TO = 16
"""Clusters up to which every sign vector is drawn."""
RANDOM_DRAWS = 9_999

_TIE = 1e-9
_DOUBLINGS = 30
_HALVINGS = 30


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


def wild_test(fit: ClusteredFit, coefficient: int, signs: Floats, *, level: float = 0.95) -> WildTest:
    """Test that a coefficient is 0 and invert the test for an interval; None where it has no end.

    p is the share of draws whose |t| is at least the data's own, ties counted. A draw and its mirror image have the
    same |t|, so that of every sign vector half are looked at.
    """
    is_every = len(signs) == 2**fit.clusters
    draws = _draws(fit, coefficient, signs[: len(signs) // 2] if is_every else signs)
    estimate, alpha = float(fit.coefficients[coefficient]), 1 - level
    p = draws.p_value(estimate)
    step = float(np.sqrt(((fit.scores @ fit.contrasts[coefficient]) ** 2).sum()))
    if step == 0.0 or 2.0 / len(signs) > alpha:
        return WildTest(p, None, len(signs))
    ends = [_distance(draws, side * step, alpha) for side in (-1, 1)]
    interval = None if ends[0] is None or ends[1] is None else (estimate + ends[0], estimate + ends[1])
    return WildTest(p, interval, len(signs))


def wild_statistics(fit: ClusteredFit, coefficient: int, signs: Floats, *, null: float = 0.0) -> Floats:
    """Return each draw's |t| of a coefficient with the null imposed; the first draw is the data's own."""
    contrast = fit.contrasts[coefficient]
    weighted = fit.gram @ contrast
    shift = (float(fit.coefficients[coefficient]) - null) / float(contrast @ contrast)
    along = (fit.scores + shift * weighted) @ contrast
    refitted = signs * along - signs @ ((fit.scores + shift * weighted) @ weighted.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.abs(signs @ along) / np.sqrt(np.einsum("dg,dg->d", refitted, refitted))
    return np.nan_to_num(found, nan=0.0, posinf=np.inf)


def share_of_draws(statistics: Floats) -> float:
    """Return the share of draws whose statistic is at least the data's own, ties counted: p, never 0."""
    return float(np.mean(statistics >= statistics[0] * (1 - _TIE)))


@dataclass(frozen=True, slots=True)
class _Draws:
    """Each draw's estimate and variance as functions of the distance d between the estimate and the null.

    Estimate: `constant` + d `slope`; variance: `spread[0]` + 2 d `spread[1]` + d² `spread[2]`.
    """

    constant: Floats
    slope: Floats
    spread: tuple[Floats, Floats, Floats]

    def p_value(self, distance: float) -> float:
        level, mixed, curve = self.spread
        variance = level + 2 * distance * mixed + distance**2 * curve
        with np.errstate(divide="ignore", invalid="ignore"):
            squared = np.nan_to_num((self.constant + distance * self.slope) ** 2 / variance, nan=0.0, posinf=np.inf)
        return share_of_draws(squared)


def _draws(fit: ClusteredFit, coefficient: int, signs: Floats) -> _Draws:
    contrast = fit.contrasts[coefficient]
    weighted = fit.gram @ contrast
    # The restricted residuals' scores are these, plus the distance times those.
    scores, shift = fit.scores, weighted / float(contrast @ contrast)
    estimates = [signs @ (part @ contrast) for part in (scores, shift)]
    refitted = [signs * (part @ contrast) - signs @ (part @ weighted.T) for part in (scores, shift)]
    first, second = refitted
    spread = ((first**2).sum(axis=1), (first * second).sum(axis=1), (second**2).sum(axis=1))
    return _Draws(estimates[0], estimates[1], spread)


def _distance(draws: _Draws, step: float, alpha: float) -> float | None:
    """Search outwards for how far from the estimate a null must lie for p to fall to alpha; None if it never does."""
    inside, outside = 0.0, 2 * step
    for _ in range(_DOUBLINGS):
        if draws.p_value(-outside) < alpha:
            break
        inside, outside = outside, 2 * outside
    else:
        return None
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if draws.p_value(-middle) < alpha:
            outside = middle
        else:
            inside = middle
    return inside
