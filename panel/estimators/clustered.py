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

from panel.estimators.remarks import Remark, remark

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_CELLS = 2**22
"""Of clusters times columns squared, up to which the effects of units that move between clusters are fitted again."""

_ABSORBED = 1e-9
_NO_RANK = 1e-10
_ROUNDING = 1e-13


class DesignInvalid(ValueError):
    """The regressors cannot be told apart, from each other or from the effects: one remark that names them."""

    def __init__(self, why: Remark) -> None:
        super().__init__(why.english)
        self.remark = why


class Effects(StrEnum):
    """Which effects a model takes out beside its regressors."""

    UNIT_AND_TIME = "unit and time"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelArrays:
    """One row a unit and period: outcome (n), regressors (n × k) with their names, and codes 0… of the three keys.

    The first `treatments` regressors are what was allocated, the others covariates. `weights` (n, above 0) go with the
    effects of time alone. `cluster_names` say which station each cluster is, for randomisation inference. Where there
    is a `moderator` (n), the second half of the treatments are the first half times it.
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
    moderator: Floats | None = None

    @property
    def allocated(self) -> int:
        """Return how many of the treatments were allocated themselves, and not multiplied by a moderator."""
        return self.treatments if self.moderator is None else self.treatments // 2

    @property
    def clusters(self) -> int:
        return int(self.cluster.max()) + 1

    @property
    def periods(self) -> int:
        return int(self.time.max()) + 1


@dataclass(frozen=True, slots=True)
class ClusteredFit:
    """The estimates, and what each cluster contributes to them.

    The basis (n × r, never written out) is orthonormal and spans the effects of time and the regressors, both within
    units where these have effects. Coefficient j is `contrasts[j]` times the basis's products with the outcome. Of each
    of the G clusters there are `gram` (G × r × r), its part of the basis with itself, and `scores` (G × r), its part of
    the basis with the residuals. The effects of units that stay in a cluster drop out of both; those of units that move
    between clusters (`moving` of them) cut through them as the effects of time do, and are the basis's last columns.
    `is_whole` says whether they are: of too many only CR0 and CR1 are had.
    """

    names: tuple[str, ...]
    coefficients: Floats
    contrasts: Floats
    gram: Floats
    scores: Floats
    n: int
    moving: int = 0
    is_whole: bool = True

    @property
    def clusters(self) -> int:
        return len(self.gram)


def fit_panel(panel: PanelArrays) -> ClusteredFit:
    """Estimate the regressors' coefficients beside the panel's effects, by (weighted) least squares.

    Raise DesignInvalid for a regressor that the effects absorb or that others explain, and for weights beside effects
    of units.
    """
    if panel.weights is not None and panel.effects is Effects.UNIT_AND_TIME:
        raise DesignInvalid(remark("weights_with_units"))
    times = time_effects(panel)
    left = times.beside(cleared(panel, panel.regressors))
    refuse_collinear(panel, left)
    own, triangle = np.linalg.qr(left)
    inverse = np.linalg.inv(triangle)
    outcome = without_rounding(panel, times.beside(cleared(panel, panel.outcome[:, None])))
    coefficients = inverse @ (own.T @ outcome)[:, 0]
    residuals = without_rounding(panel, outcome - own @ (own.T @ outcome))
    moving = moving_units(panel)
    is_whole = panel.clusters * (times.mixture.shape[1] + own.shape[1] + len(moving)) ** 2 <= MOST_CELLS
    fitted_again = moving if is_whole else moving[:0]
    if len(moving):
        gram, scores = _of_moving(panel, np.hstack([times.rows(), own]), residuals[:, 0], fitted_again)
    else:
        gram, scores = _gram(panel, times, own), _scores(panel, times, own, residuals)
    around = (times.mixture.shape[1], len(fitted_again))
    return ClusteredFit(
        names=panel.names,
        coefficients=coefficients,
        contrasts=np.pad(inverse, ((0, 0), around)),
        gram=gram,
        scores=scores,
        n=len(panel.outcome),
        moving=len(moving),
        is_whole=is_whole,
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


def without_rounding(panel: PanelArrays, left: Floats) -> Floats:
    """Return what is left of the outcome (n × 1), or nothing where no more than rounding is left of it.

    Of women who all answered nothing varies, and rounding is no evidence of anything.
    """
    scale = 1.0 if panel.weights is None else np.sqrt(panel.weights)
    is_rounding = np.linalg.norm(left) <= _ROUNDING * np.linalg.norm(panel.outcome * scale)
    return np.zeros_like(left) if is_rounding else left


@dataclass(frozen=True, slots=True)
class TimeEffects:
    """The effects of time as an orthonormal basis that is never written out by row.

    Its rows are those of the periods' dummies, cleared as the panel is, times `mixture` (T × r); `crosses` (G × T × T)
    are the products of each cluster's cleared dummies where units lie within clusters.
    """

    panel: PanelArrays
    mixture: Floats
    crosses: Floats

    def loadings(self, cleared_values: Floats) -> Floats:
        """Return the basis's products with cleared values (n × q): r × q."""
        return self.mixture.T @ _summed(self.panel, self.panel.time, cleared_values, self.panel.periods)

    def beside(self, cleared_values: Floats) -> Floats:
        """Return what of cleared values (n × q) lies outside the basis; taken away twice, against rounding."""
        left = cleared_values
        for _ in range(2):
            by_period = self.mixture @ self.loadings(left)
            left = left - cleared(self.panel, by_period[self.panel.time])
        return left

    def rows(self) -> Floats:
        """Write the basis out (n × r)."""
        dummies = (self.panel.time[:, None] == np.arange(self.panel.periods)[None, :]).astype(np.float64)
        basis: Floats = cleared(self.panel, dummies) @ self.mixture
        return basis


def time_effects(panel: PanelArrays) -> TimeEffects:
    """Return the effects of time of a panel, within units where these have effects."""
    crosses = cell_crosses(panel, panel.cluster, panel.clusters)
    total = crosses.sum(axis=0)
    mixture = np.eye(panel.periods)
    for _ in range(2):
        squares, axes = np.linalg.eigh(mixture.T @ total @ mixture)
        kept = _of_rank(squares)
        mixture = mixture @ (axes[:, kept] / np.sqrt(squares[kept]))
    return TimeEffects(panel, mixture, crosses)


def cell_crosses(panel: PanelArrays, station: Ints, stations: int) -> Floats:
    """Return the products of the periods' cleared dummies by station (S × T × T); stations are codes by row (n).

    A unit that lies in several stations is counted whole to one of them, so that only the sum is right then.
    """
    periods, found = panel.periods, np.zeros((stations, panel.periods, panel.periods))
    diagonal = np.bincount(station * periods + panel.time, weights=panel.weights, minlength=stations * periods)
    found[:, np.arange(periods), np.arange(periods)] = diagonal.reshape(stations, periods)
    if panel.effects is Effects.TIME:
        return found
    units = int(panel.unit.max()) + 1
    counts = np.bincount(panel.unit * periods + panel.time, minlength=units * periods).reshape(units, periods)
    shares = counts / np.sqrt(counts.sum(axis=1, keepdims=True))
    station_of = np.zeros(units, dtype=np.int64)
    station_of[panel.unit] = station
    for code, own in enumerate(_rows_by_code(station_of, stations)):
        found[code] -= shares[own].T @ shares[own]
    return found


def beside(basis: Floats, values: Floats) -> Floats:
    """Return what of the values (n × q) lies outside an orthonormal basis; taken away twice, against rounding."""
    left = values - basis @ (basis.T @ values)
    again: Floats = left - basis @ (basis.T @ left)
    return again


def orthonormal(values: Floats) -> Floats:
    """Return an orthonormal basis of the columns' span, made twice over so that it is one to the last digits."""
    for _ in range(2):
        squares, axes = np.linalg.eigh(values.T @ values)
        kept = _of_rank(squares)
        values = values @ (axes[:, kept] / np.sqrt(squares[kept]))
    return values


def _of_rank(squares: Floats) -> Bools:
    return np.asarray(squares > _NO_RANK * max(1.0, *squares, 0.0))


def refuse_collinear(panel: PanelArrays, left: Floats) -> None:
    """Raise DesignInvalid naming the first regressor of which nothing is left beside the effects and those before."""
    spread = np.linalg.norm(panel.regressors - panel.regressors.mean(axis=0), axis=0)
    before = np.empty((len(left), 0))
    for j, name in enumerate(panel.names):
        if spread[j] <= _ABSORBED * float(np.abs(panel.regressors[:, j]).max()):
            raise DesignInvalid(remark("constant", name=name))
        if np.linalg.norm(left[:, j]) <= _ABSORBED * spread[j]:
            raise DesignInvalid(_absorbed(panel, name))
        rest = beside(before, left[:, [j]])[:, 0]
        if np.linalg.norm(rest) <= _ABSORBED * np.linalg.norm(left[:, j]):
            raise DesignInvalid(remark("collinear", name=name, others=", ".join(panel.names[:j])))
        before = np.column_stack([before, rest / np.linalg.norm(rest)])


def _absorbed(panel: PanelArrays, name: str) -> Remark:
    return remark("absorbed_by_time" if panel.effects is Effects.TIME else "absorbed", name=name)


def is_nested(panel: PanelArrays) -> bool:
    """Say whether every unit with an effect lies in one cluster."""
    return not len(moving_units(panel))


def moving_units(panel: PanelArrays) -> Ints:
    """Return the codes of units with an effect that lie in several clusters."""
    if panel.effects is Effects.TIME:
        return np.empty(0, dtype=np.int64)
    last = np.zeros(int(panel.unit.max()) + 1, dtype=np.int64)
    last[panel.unit] = panel.cluster
    return np.unique(panel.unit[last[panel.unit] != panel.cluster])


def _of_moving(panel: PanelArrays, basis: Floats, residuals: Floats, moving: Ints) -> tuple[Floats, Floats]:
    """Return gram and scores by cluster, the effects of moving units behind a basis that is written out (n × r).

    Their dummies, of length 1 each, are orthogonal to each other and to whatever is cleared of units.
    """
    first, width = basis.shape[1], basis.shape[1] + len(moving)
    counts = np.bincount(panel.unit).astype(np.float64)
    place = np.full(len(counts), -1, dtype=np.int64)
    place[moving] = np.arange(len(moving))
    gram, scores = np.zeros((panel.clusters, width, width)), np.zeros((panel.clusters, width))
    for code, rows in enumerate(_rows_by_code(panel.cluster, panel.clusters)):
        own, column = np.column_stack([basis[rows], residuals[rows]]), place[panel.unit[rows]]
        moved = column >= 0
        sums = np.zeros((len(moving), first + 1))
        np.add.at(sums, column[moved], own[moved])
        sums /= np.sqrt(counts[moving])[:, None]
        products = own.T @ own[:, :first]
        gram[code, :first, :first], scores[code, :first] = products[:first], products[first]
        gram[code, first:, :first], gram[code, :first, first:] = sums[:, :first], sums[:, :first].T
        shares = np.bincount(column[moved], minlength=len(moving)) / counts[moving]
        gram[code, range(first, width), range(first, width)], scores[code, first:] = shares, sums[:, first]
    return gram, scores


def _gram(panel: PanelArrays, times: TimeEffects, own: Floats) -> Floats:
    """Return each cluster's part of the basis with itself (G × r × r): effects of time first, then the regressors."""
    first, mixture = times.mixture.shape[1], times.mixture
    gram = np.zeros((panel.clusters, first + own.shape[1], first + own.shape[1]))
    gram[:, :first, :first] = mixture.T @ times.crosses @ mixture
    mixed = mixture.T @ _by_cell(panel, own)
    gram[:, :first, first:] = mixed
    gram[:, first:, :first] = mixed.transpose(0, 2, 1)
    for code, rows in enumerate(_rows_by_code(panel.cluster, panel.clusters)):
        gram[code, first:, first:] = own[rows].T @ own[rows]
    return gram


def _scores(panel: PanelArrays, times: TimeEffects, own: Floats, residuals: Floats) -> Floats:
    """Return each cluster's part of the basis with the residuals (G × r)."""
    of_time = (times.mixture.T @ _by_cell(panel, residuals))[:, :, 0]
    return np.hstack([of_time, _summed_plainly(panel.cluster, own * residuals, panel.clusters)])


def _by_cell(panel: PanelArrays, cleared_values: Floats) -> Floats:
    """Sum cleared values (n × q) by cluster and period (G × T × q)."""
    cell = panel.cluster * panel.periods + panel.time
    summed = _summed(panel, cell, cleared_values, panel.clusters * panel.periods)
    return summed.reshape(panel.clusters, panel.periods, -1)


def _summed(panel: PanelArrays, code: Ints, cleared_values: Floats, codes: int) -> Floats:
    """Multiply cleared values (n × q) with the cleared dummies of codes that cut no unit: codes × q.

    As the values are cleared already, the dummies need no clearing but their rows' weight.
    """
    scaled = cleared_values if panel.weights is None else cleared_values * np.sqrt(panel.weights)[:, None]
    return _summed_plainly(code, scaled, codes)


def _summed_plainly(code: Ints, values: Floats, codes: int) -> Floats:
    found = np.empty((codes, values.shape[1]))
    for j in range(values.shape[1]):
        found[:, j] = np.bincount(code, weights=values[:, j], minlength=codes)
    return found


def _rows_by_code(code: Ints, codes: int) -> Iterator[npt.NDArray[np.intp]]:
    order = np.argsort(code, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(code, minlength=codes))[:-1])
