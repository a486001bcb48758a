"""Linear panel models with unit and time effects, and their design in the shape that cluster inference needs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyfixest
from pyfixest.demeaners import MapDemeaner

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ABSORBED = 1e-9
_NO_RANK = 1e-10


class DesignInvalid(ValueError):
    """The regressors cannot be told apart, from each other or from the effects: one sentence that names them."""


@dataclass(frozen=True, slots=True)
class PanelArrays:
    """One row a unit and period: outcome (n), regressors (n × k) with their names, and codes 0… of the three keys."""

    outcome: Floats
    regressors: Floats
    names: tuple[str, ...]
    unit: Ints
    time: Ints
    cluster: Ints

    @property
    def clusters(self) -> int:
        return int(self.cluster.max()) + 1


@dataclass(frozen=True, slots=True)
class TwoWayFit:
    """The estimates, and what each cluster contributes to them.

    `basis` (n × r) is orthonormal and spans time effects and regressors, both within units. Coefficient j is
    `contrasts[j] @ basis.T @ outcome`. Of each of the G clusters there are `gram` (G × r × r), its part of the basis
    with itself, and `scores` (G × r), its part of the basis with the residuals. `is_nested` says whether every unit
    lies in one cluster, without which only CR0 and CR1 hold.
    """

    names: tuple[str, ...]
    coefficients: Floats
    contrasts: Floats
    gram: Floats
    scores: Floats
    n: int
    is_nested: bool

    @property
    def clusters(self) -> int:
        return len(self.gram)


def fit_two_way(panel: PanelArrays) -> TwoWayFit:
    """Estimate the regressors' coefficients with unit and time effects, by pyfixest.

    Raise DesignInvalid for a regressor that the effects absorb or that others explain.
    """
    times = _orthonormal(_within(_dummies(panel.time), panel.unit))
    within = _within(panel.regressors, panel.unit)
    left = within - times @ (times.T @ within)
    left -= times @ (times.T @ left)
    _refuse_collinear(panel, left)
    own, triangle = np.linalg.qr(left)
    basis = np.hstack([times, own])
    coefficients, residuals = _pyfixest_fit(panel)
    inverse = np.linalg.inv(triangle)
    contrasts = np.hstack([np.zeros((len(panel.names), times.shape[1])), inverse])
    rows = [np.flatnonzero(panel.cluster == code) for code in range(panel.clusters)]
    return TwoWayFit(
        names=panel.names,
        coefficients=coefficients,
        contrasts=contrasts,
        gram=np.stack([basis[own_rows].T @ basis[own_rows] for own_rows in rows]),
        scores=np.stack([basis[own_rows].T @ residuals[own_rows] for own_rows in rows]),
        n=len(panel.outcome),
        is_nested=_is_nested(panel.unit, panel.cluster),
    )


def _pyfixest_fit(panel: PanelArrays) -> tuple[Floats, Floats]:
    """Return coefficients and residuals. Columns go in with spread 1: the tolerance of the absorption is absolute."""
    spread = panel.regressors.std(axis=0)
    outcome_spread = float(panel.outcome.std()) or 1.0
    columns = {f"x{j}": panel.regressors[:, j] / spread[j] for j in range(len(panel.names))}
    frame = pd.DataFrame({"y": panel.outcome / outcome_spread, **columns, "unit": panel.unit, "time": panel.time})
    fit: Any = pyfixest.feols(
        f"y ~ {' + '.join(columns)} | unit + time",
        frame,
        vcov="iid",
        fixef_rm="none",
        demeaner=MapDemeaner(fixef_tol=1e-12, fixef_maxiter=100_000),
    )
    found = fit.coef()
    coefficients = np.array([float(found[name]) for name in columns])
    return coefficients * outcome_spread / spread, np.asarray(fit.resid(), dtype=np.float64) * outcome_spread


def _within(values: Floats, unit: Ints) -> Floats:
    """Take each unit's mean away, column by column."""
    counts = np.bincount(unit).astype(np.float64)
    centred = np.empty_like(values)
    for j in range(values.shape[1]):
        means = np.bincount(unit, weights=values[:, j]) / counts
        centred[:, j] = values[:, j] - means[unit]
    return centred


def _dummies(time: Ints) -> Floats:
    periods = int(time.max()) + 1
    return (time[:, None] == np.arange(1, periods)[None, :]).astype(np.float64)


def _orthonormal(values: Floats) -> Floats:
    if not values.shape[1]:
        return values
    left, singular, _right = np.linalg.svd(values, full_matrices=False)
    return left[:, singular > _NO_RANK * max(float(singular[0]), 1.0)]


def _refuse_collinear(panel: PanelArrays, left: Floats) -> None:
    """Name the first regressor of which nothing is left beside the effects and the regressors before it."""
    spread = np.linalg.norm(panel.regressors - panel.regressors.mean(axis=0), axis=0)
    before = np.empty((len(left), 0))
    for j, name in enumerate(panel.names):
        if spread[j] <= _ABSORBED * max(1.0, float(np.abs(panel.regressors[:, j]).max())):
            raise DesignInvalid(f"{name}: the same value in every row, so that it has no effect to estimate")
        if np.linalg.norm(left[:, j]) <= _ABSORBED * spread[j]:
            raise DesignInvalid(
                f"{name}: absorbed by the unit and time effects (it does not vary beyond them); "
                "a trait of the unit can only enter multiplied by time"
            )
        rest = left[:, j] - before @ (before.T @ left[:, j])
        rest -= before @ (before.T @ rest)
        if np.linalg.norm(rest) <= _ABSORBED * np.linalg.norm(left[:, j]):
            raise DesignInvalid(f"{name}: collinear with {', '.join(panel.names[:j])}")
        before = np.column_stack([before, rest / np.linalg.norm(rest)])


def _is_nested(unit: Ints, cluster: Ints) -> bool:
    first = np.zeros(int(unit.max()) + 1, dtype=np.int64)
    first[unit] = cluster
    return bool((first[unit] == cluster).all())
