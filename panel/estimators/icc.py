"""How much women of one station resemble each other, and what effect the trial could have found given that.

CONSORT for cluster trials asks for the intracluster correlation of each primary outcome; the detectable effect stands
beside each null, so that "no effect found" is not read as "no effect".
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from panel.estimators.clustered import DesignInvalid, Floats, Ints
from panel.estimators.remarks import remark
from stations.power import Comparison, Trial, detectable_effect


@dataclass(frozen=True, slots=True)
class Icc:
    """The correlation of two women of one station (below 0 by chance when it is small) and its 95 % interval."""

    value: float
    interval: tuple[float, float]
    women_per_station: float


def icc_of(outcome: Floats, cluster: Ints, arm: Ints, *, level: float = 0.95) -> Icc:
    """Estimate the intracluster correlation within arms by analysis of variance (Donner and Klar 2000).

    One row a woman, at one wave: outcome (n) and codes 0… of station and arm (n each). The interval is Searle's (1971),
    exact for stations of equal size. Raise DesignInvalid where nothing is left to compare.
    """
    sizes, between, within = _squares(outcome, cluster, arm)
    clusters, arms, n = len(sizes), len(np.unique(arm)), len(outcome)
    if clusters <= arms or n <= clusters:
        raise DesignInvalid(remark("icc_too_few"))
    arm_of = np.zeros(int(cluster.max()) + 1, dtype=np.int64)
    arm_of[cluster] = arm
    counts = np.bincount(cluster)
    in_arm = np.bincount(arm)
    usual = (n - float((counts**2 / in_arm[arm_of]).sum())) / (clusters - arms)
    if not between + within:
        raise DesignInvalid(remark("no_variation"))
    freedom = clusters - arms, n - clusters
    ratio = np.inf if not within else (between / freedom[0]) / (within / freedom[1])
    tails = [float(stats.f.ppf(one, *freedom)) for one in ((1 + level) / 2, (1 - level) / 2)]
    low, high = (_correlation(ratio / tail, usual) for tail in tails)
    return Icc(_correlation(ratio, usual), (low, high), usual)


def detectable_at(
    icc: float, *, stations_per_arm: int, women: float, comparison: Comparison, deviation: float = 1.0
) -> float:
    """Return the effect that the trial finds with power .80 at α .05, in the outcome's unit (`deviation` is its SD)."""
    return deviation * detectable_effect(
        Trial(stations_per_arm=stations_per_arm, women=women, icc=min(max(icc, 0.0), 1.0)), comparison
    )


def detectable_by_error(error: float, freedom: float, *, alpha: float = 0.05, power: float = 0.80) -> float:
    """Return the effect that an estimate of this standard error and degrees of freedom finds (Bloom 1995)."""
    return float(stats.t.ppf(1 - alpha / 2, freedom) + stats.t.ppf(power, freedom)) * error


def _squares(outcome: Floats, cluster: Ints, arm: Ints) -> tuple[Ints, float, float]:
    """Return the sizes of stations, and the sums of squares between stations of an arm and within stations."""
    counts = np.bincount(cluster)
    means = np.bincount(cluster, weights=outcome) / np.maximum(counts, 1)
    arm_means = np.bincount(arm, weights=outcome) / np.maximum(np.bincount(arm), 1)
    between = float(((means[cluster] - arm_means[arm]) ** 2).sum())
    within = float(((outcome - means[cluster]) ** 2).sum())
    return np.asarray(counts[counts > 0], dtype=np.int64), between, within


def _correlation(ratio: float, size: float) -> float:
    return 1.0 if np.isinf(ratio) else (ratio - 1) / (ratio + size - 1)
