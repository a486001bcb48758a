"""Randomisation inference: how often an allocation that could have been drawn would have given as large a coefficient.

The statistic is the coefficient of the model itself, with the stations' arms given again and everything else as it is.
Any allocation's coefficients follow from the panel's sums by station and period, so that ten thousand take as long as
one fit. The interval holds the constant effects that the test does not refuse (Rosenbaum 2002); its ends are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from panel.estimators.candidates import CandidateSet, Ways, interchangeable, told_ways, ways_to_give
from panel.estimators.clustered import (
    DesignInvalid,
    Floats,
    Ints,
    PanelArrays,
    beside,
    cell_crosses,
    cleared,
    is_nested,
    orthonormal,
    time_effects,
    without_rounding,
)
from panel.estimators.designs import rows_of
from panel.estimators.remarks import Remark, remark

DEFAULT_DRAWS = 10_000

_TIE = 1e-9
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class RandomisationTest:
    """p of one effect and its interval, over how many ways; None with one way only, or where the interval has no end.

    `arms` are those that were given again.
    """

    p: float | None
    interval: tuple[float, float] | None
    ways: int
    is_exact: bool
    arms: tuple[str, ...]

    @property
    def told(self) -> Remark:
        """Say over how many ways."""
        return told_ways(self.ways, is_exact=self.is_exact)


@dataclass(frozen=True, slots=True)
class Cells:
    """What of a panel decides its coefficients under any allocation.

    Of the G × T cells of station and period: `cross` (GT × GT) of their indicators with each other and `outcome` (GT)
    with the outcome, both beside effects and covariates; and `exposure` (A × T × k), each arm's columns by period.
    Effects by a trait (`is_moderated`) have the indicators times the trait behind these, 2GT in all, and 2k columns.
    """

    cross: Floats
    outcome: Floats
    exposure: Floats
    is_moderated: bool = False

    def column(self, allocation: Ints, column: int) -> Floats:
        """Return a treatment's column over the cells under an allocation (G)."""
        own = self.exposure[allocation][:, :, column % self.exposure.shape[2]].reshape(-1)
        if not self.is_moderated:
            return own
        nothing = np.zeros_like(own)
        return np.concatenate([nothing, own] if column >= self.exposure.shape[2] else [own, nothing])

    def columns(self, allocations: Ints) -> Floats:
        """Return all columns over the cells under each allocation (W × G)."""
        own = self.exposure[allocations].reshape(len(allocations), -1, self.exposure.shape[2])
        if not self.is_moderated:
            return own
        nothing = np.zeros_like(own)
        return np.block([[own, nothing], [nothing, own]])


def refuse_unknown_stations(panel: PanelArrays, candidates: CandidateSet) -> None:
    """Raise DesignInvalid for clusters that bear no station's name of the allocation."""
    unknown = [name for name in panel.cluster_names if name not in candidates.stations]
    if unknown or len(panel.cluster_names) < panel.clusters:
        named = ", ".join(unknown[:3])
        raise DesignInvalid(remark("unknown_station", stations=named, first=candidates.stations[0]))


def cells_of(panel: PanelArrays, candidates: CandidateSet) -> Cells:
    """Reduce a panel, whose clusters bear the names of the candidates' stations, to its cells.

    Raise DesignInvalid for stations that the allocation does not know, women in two stations, and treatments that arm
    and period do not decide.
    """
    refuse_unknown_stations(panel, candidates)
    place = _places(panel, candidates)
    if not is_nested(panel):
        raise DesignInvalid(remark("unit_in_clusters"))
    cell, cells = place * panel.periods + panel.time, len(candidates.stations) * panel.periods
    scale = np.ones(len(cell)) if panel.weights is None else np.sqrt(panel.weights)
    nuisance = _nuisance(panel)
    outcome = without_rounding(panel, beside(nuisance, cleared(panel, panel.outcome[:, None]))) * scale[:, None]
    exposure = _exposure(panel, candidates.actual[place], candidates.arms)
    if panel.moderator is None:
        crosses = block_diag(*cell_crosses(panel, place, len(candidates.stations)))
        times = scale[:, None]
    else:
        crosses = _moderated_crosses(panel, panel.moderator, place, cell, cells)
        times = np.column_stack([scale, scale * panel.moderator])
    sums = np.vstack([_sums(cell, nuisance * own[:, None], cells) for own in times.T])
    products = np.concatenate([_sums(cell, outcome * (own / scale)[:, None], cells)[:, 0] for own in times.T])
    return Cells(crosses - sums @ sums.T, products, exposure, is_moderated=panel.moderator is not None)


def coefficients_by_way(cells: Cells, allocations: Ints, outcomes: Floats) -> Floats:
    """Return the treatments' coefficients (W × k × q) of outcomes (GT × q) under each allocation (W × G)."""
    k = cells.exposure.shape[2] * (2 if cells.is_moderated else 1)
    found = np.empty((len(allocations), k, outcomes.shape[1]))
    for start in range(0, len(allocations), _CHUNK):
        some = allocations[start : start + _CHUNK]
        columns = cells.columns(some)
        squares = columns.transpose(0, 2, 1) @ (cells.cross @ columns)
        found[start : start + _CHUNK] = np.linalg.pinv(squares, hermitian=True) @ (
            columns.transpose(0, 2, 1) @ outcomes
        )
    return found


def randomisation_test(
    cells: Cells, candidates: CandidateSet, column: int, *, draws: int, seed: int, level: float = 0.95
) -> RandomisationTest:
    """Test that one treatment has no effect, whatever the others have, and invert the test for an interval.

    p is the share of ways whose |coefficient| is at least the actual one, ties counted, the actual one among them. Of
    how an effect differs by a trait there is no interval, as no single effect would be in it.
    """
    allocated = cells.exposure.shape[2]
    groups = interchangeable(cells.exposure, candidates.factors, column % allocated)
    ways = ways_to_give(candidates, groups, draws=draws, seed=seed)
    moved = tuple(arm for arm, group in zip(candidates.arms, groups, strict=True) if groups.count(group) > 1)
    if ways.count == 1:
        return RandomisationTest(None, None, 1, ways.is_exact, moved)
    own = cells.column(candidates.actual, column)
    found = coefficients_by_way(cells, ways.allocations, np.column_stack([cells.outcome, cells.cross @ own]))
    statistics, slopes = found[:, column, 0], found[:, column, 1]
    interval = None if column >= allocated else _interval(statistics, slopes, 1 - level)
    return RandomisationTest(share_as_large(statistics), interval, ways.count, ways.is_exact, moved)


def ways_for_all(candidates: CandidateSet, *, draws: int, seed: int) -> Ways:
    """Return ways that give all arms again: right to look at if no arm whatever has any effect."""
    return ways_to_give(candidates, [0] * len(candidates.arms), draws=draws, seed=seed)


def share_as_large(statistics: Floats) -> float:
    """Return the share of statistics (W) whose size is at least that of the first, ties counted; never 0."""
    sizes = np.abs(statistics)
    return float(np.mean(sizes >= sizes[0] * (1 - _TIE)))


def _interval(statistics: Floats, slopes: Floats, alpha: float) -> tuple[float, float] | None:
    """Return the constant effects that the test does not refuse at alpha; None if it has no end on some side.

    With an effect τ taken away, way w has a coefficient of statistic − τ × slope, and the actual one is estimate − τ.
    A way counts as large from where the two are equal in size, on either side of the estimate, towards the estimate.
    """
    estimate = statistics[0]
    turning = np.abs(slopes) < 1 - _TIE
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.array([(estimate - statistics) / (1 - slopes), (estimate + statistics) / (1 + slopes)])
    lower = np.sort(np.where(turning, ends.min(axis=0), -np.inf))
    upper = np.sort(np.where(turning, ends.max(axis=0), np.inf))[::-1]
    refused = int(np.floor(alpha * len(statistics) + _TIE))
    low, high = float(lower[refused]), float(upper[refused])
    return (low, high) if np.isfinite(low) and np.isfinite(high) else None


def _places(panel: PanelArrays, candidates: CandidateSet) -> Ints:
    place = {station: number for number, station in enumerate(candidates.stations)}
    return np.array([place[name] for name in panel.cluster_names], dtype=np.int64)[panel.cluster]


def _sums(cell: Ints, columns: Floats, cells: int) -> Floats:
    """Sum columns (n × q) by cell (cells × q)."""
    found = np.zeros((cells, columns.shape[1]))
    for j in range(columns.shape[1]):
        found[:, j] = np.bincount(cell, weights=columns[:, j], minlength=cells)
    return found


def _moderated_crosses(panel: PanelArrays, moderator: Floats, place: Ints, cell: Ints, cells: int) -> Floats:
    """Return the cells' cleared indicators, alone and times the trait, with each other; women lie within stations."""
    found = np.zeros((2 * cells, 2 * cells))
    for station in np.unique(place):
        own = place == station
        part = rows_of(panel, own)
        there, code = np.unique(cell[own], return_inverse=True)
        alone = (code[:, None] == np.arange(len(there))).astype(np.float64)
        both = cleared(part, np.hstack([alone, alone * moderator[own][:, None]]))
        where = np.concatenate([there, there + cells])
        found[np.ix_(where, where)] = both.T @ both
    return found


def _nuisance(panel: PanelArrays) -> Floats:
    times = time_effects(panel).rows()
    covariates = beside(times, cleared(panel, panel.regressors[:, panel.treatments :]))
    sizes = np.linalg.norm(covariates, axis=0)
    return np.hstack([times, orthonormal(covariates / np.where(sizes > 0, sizes, 1.0))])


def _exposure(panel: PanelArrays, arm: Ints, arms: Sequence[str]) -> Floats:
    shape = (len(arms), panel.periods)
    cell = arm * panel.periods + panel.time
    if (np.bincount(cell, minlength=shape[0] * shape[1]) == 0).any():
        raise DesignInvalid(remark("arm_without_rows"))
    found = np.empty((*shape, panel.allocated))
    for j in range(panel.allocated):
        values = panel.regressors[:, j]
        least, greatest = np.full(shape[0] * shape[1], np.inf), np.full(shape[0] * shape[1], -np.inf)
        np.minimum.at(least, cell, values)
        np.maximum.at(greatest, cell, values)
        if (greatest > least).any():
            raise DesignInvalid(remark("differs_in_arm", name=panel.names[j]))
        found[:, :, j] = least.reshape(shape)
    return found
