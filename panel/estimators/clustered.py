"""Linear models of a panel whose errors go together within clusters, in the shape that few-cluster inference needs.

Two kinds of effects can be taken out: those of units and periods (the trial's panel), or those of periods alone
(the analysis of covariance and the comparison after baseline, where a unit's effect would absorb the treatment).
Effects of units are taken out by their means; those of periods, which cut through the clusters, stay in a basis of few
columns, so that a variance or a bootstrap draw can fit them again. Nothing as large as n × n is ever built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_ABSORBED = 1e-9
_NO_RANK = 1e-10


class DesignInvalid(ValueError):
    """The regressors cannot be told apart, from each other or from the effects: one sentence that names them."""


class Effects(StrEnum):
    """Which effects a model takes out beside its regressors."""

    UNIT_AND_TIME = "unit and time"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelArrays:
    """One row a unit and period: outcome (n), regressors (n × k) with their names, and codes 0… of the three keys.

    The first `treatments` regressors are what was allocated, the others covariates. `weights` (n, above 0) go with the
    effects of time alone. `cluster_names` say which station each cluster is, for randomisation inference.
    """

    outcome: Floats
    regressors: Floats
    names: tuple[str, ...]
    unit: Ints
    time: Ints
    cluster: Ints
    treatments: int = 1
    effects: Effects = Effects.UNIT_AND_TIME
    weights: Floats | None = None
    cluster_names: tuple[str, ...] = ()

    @property
    def clusters(self) -> int:
        return int(self.cluster.max()) + 1

    @property
    def periods(self) -> int:
        return int(self.time.max()) + 1


@dataclass(frozen=True, slots=True)
class ClusteredFit:
    """The estimates, and what each cluster contributes to them.

    `basis` (n × r) is orthonormal and spans the effects of time and the regressors, both within units where these have
    effects. Coefficient j is `contrasts[j] @ basis.T @ outcome`. Of each of the G clusters there are `gram`
    (G × r × r), its part of the basis with itself, and `scores` (G × r), its part of the basis with the residuals.
    `is_nested` says whether every unit's effect lies in one cluster, without which only CR0 and CR1 hold.
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


def fit_panel(panel: PanelArrays) -> ClusteredFit:
    """Estimate the regressors' coefficients beside the panel's effects, by (weighted) least squares.

    Raise DesignInvalid for a regressor that the effects absorb or that others explain, and for weights beside effects
    of units.
    """
    if panel.weights is not None and panel.effects is Effects.UNIT_AND_TIME:
        raise DesignInvalid("weights are for models without unit effects")
    times = effect_basis(panel)
    left = beside(times, cleared(panel, panel.regressors))
    refuse_collinear(panel, left)
    own, triangle = np.linalg.qr(left)
    basis = np.hstack([times, own])
    outcome = cleared(panel, panel.outcome[:, None])[:, 0]
    loadings = basis.T @ outcome
    inverse = np.linalg.inv(triangle)
    gram, scores = _by_cluster(panel, basis, outcome - basis @ loadings)
    return ClusteredFit(
        names=panel.names,
        coefficients=inverse @ loadings[times.shape[1] :],
        contrasts=np.hstack([np.zeros((len(panel.names), times.shape[1])), inverse]),
        gram=gram,
        scores=scores,
        n=len(panel.outcome),
        is_nested=panel.effects is Effects.TIME or is_nested(panel),
    )


def cleared(panel: PanelArrays, values: Floats) -> Floats:
    """Take each unit's mean away, column by column (n × q); without effects of units, scale rows by their weight."""
    if panel.effects is Effects.TIME:
        return values if panel.weights is None else values * np.sqrt(panel.weights)[:, None]
    counts = np.bincount(panel.unit).astype(np.float64)
    centred = np.empty_like(values, dtype=np.float64)
    for j in range(values.shape[1]):
        column = np.ascontiguousarray(values[:, j], dtype=np.float64)
        means = np.bincount(panel.unit, weights=column) / counts
        centred[:, j] = column - means[panel.unit]
    return centred


def effect_basis(panel: PanelArrays) -> Floats:
    """Return an orthonormal basis (n × at most T) of the effects of time, within units where these have effects."""
    first = 1 if panel.effects is Effects.UNIT_AND_TIME else 0
    dummies = (panel.time[:, None] == np.arange(first, panel.periods)[None, :]).astype(np.float64)
    return orthonormal(cleared(panel, dummies))


def beside(basis: Floats, values: Floats) -> Floats:
    """Return what of the values (n × q) lies outside an orthonormal basis; taken away twice, against rounding."""
    left = values - basis @ (basis.T @ values)
    again: Floats = left - basis @ (basis.T @ left)
    return again


def orthonormal(values: Floats) -> Floats:
    """Return an orthonormal basis of the columns' span, made twice over so that it is one to the last digits."""
    for _ in range(2):
        squares, axes = np.linalg.eigh(values.T @ values)
        kept = squares > _NO_RANK * max(float(squares[-1]), 1.0) if len(squares) else np.zeros(0, dtype=bool)
        values = values @ (axes[:, kept] / np.sqrt(squares[kept]))
    return values


def refuse_collinear(panel: PanelArrays, left: Floats) -> None:
    """Raise DesignInvalid naming the first regressor of which nothing is left beside the effects and those before."""
    spread = np.linalg.norm(panel.regressors - panel.regressors.mean(axis=0), axis=0)
    before = np.empty((len(left), 0))
    for j, name in enumerate(panel.names):
        if spread[j] <= _ABSORBED * max(1.0, float(np.abs(panel.regressors[:, j]).max())):
            raise DesignInvalid(f"{name}: the same value in every row, so that it has no effect to estimate")
        if np.linalg.norm(left[:, j]) <= _ABSORBED * spread[j]:
            raise DesignInvalid(_absorbed_sentence(panel, name))
        rest = beside(before, left[:, [j]])[:, 0]
        if np.linalg.norm(rest) <= _ABSORBED * np.linalg.norm(left[:, j]):
            raise DesignInvalid(f"{name}: collinear with {', '.join(panel.names[:j])}")
        before = np.column_stack([before, rest / np.linalg.norm(rest)])


def _absorbed_sentence(panel: PanelArrays, name: str) -> str:
    if panel.effects is Effects.TIME:
        return f"{name}: absorbed by the time effects (it is the same for all in each period)"
    return (
        f"{name}: absorbed by the unit and time effects (it does not vary beyond them); "
        "a trait of the unit can only enter multiplied by time"
    )


def is_nested(panel: PanelArrays) -> bool:
    """Say whether every unit lies in one cluster."""
    first = np.zeros(int(panel.unit.max()) + 1, dtype=np.int64)
    first[panel.unit] = panel.cluster
    return bool((first[panel.unit] == panel.cluster).all())


def _by_cluster(panel: PanelArrays, basis: Floats, residuals: Floats) -> tuple[Floats, Floats]:
    gram = np.zeros((panel.clusters, basis.shape[1], basis.shape[1]))
    scores = np.zeros((panel.clusters, basis.shape[1]))
    for code, rows in enumerate(_rows_of_clusters(panel)):
        own = basis[rows]
        gram[code] = own.T @ own
        scores[code] = own.T @ residuals[rows]
    return gram, scores


def _rows_of_clusters(panel: PanelArrays) -> Iterator[npt.NDArray[np.intp]]:
    order = np.argsort(panel.cluster, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(panel.cluster))[:-1])
