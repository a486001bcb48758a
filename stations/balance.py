"""How alike the arms are: means and standardised differences at cluster level, beside what chance gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import sqrt
from statistics import fmean, variance


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One covariate: its mean in each arm, and the largest standardised difference between two arms."""

    covariate: str
    means: Mapping[str, float]
    largest_difference: float


def balance_table(
    assignment: Mapping[str, str], covariates: Mapping[str, Mapping[str, float]], arms: Sequence[str]
) -> list[BalanceRow]:
    """Compare the arms at cluster level, without tests: means, and differences over the pooled standard deviation.

    `covariates` maps a covariate to station code → value. The pooled variance is the mean of the arms' variances
    (n − 1); where every station has the same value the difference is 0.
    """
    rows = []
    for covariate, values in covariates.items():
        groups = [[values[code] for code, arm in assignment.items() if arm == wanted] for wanted in arms]
        means = [fmean(group) for group in groups]
        pooled = sqrt(fmean(variance(group) if len(group) > 1 else 0.0 for group in groups))
        spread = max(means) - min(means)
        difference = spread / pooled if pooled else 0.0 if spread == 0 else float("inf")
        rows.append(BalanceRow(covariate, dict(zip(arms, means, strict=True)), difference))
    return rows


def pair_differences(row: BalanceRow) -> dict[tuple[str, str], float]:
    """Return the standardised difference of each pair of arms, without sign; the largest is the row's own.

    All pairs share the pooled standard deviation of the row, so they can be compared with each other.
    """
    spread = max(row.means.values()) - min(row.means.values())
    return {
        (first, second): row.largest_difference * apart / spread
        if (apart := abs(row.means[first] - row.means[second]))
        else 0.0
        for first, second in combinations(row.means, 2)
    }


@lru_cache
def chance_differences(arms: int, per_arm: int) -> tuple[float, float]:
    """Return the largest difference that chance alone gives: in the middle draw, and in one draw of twenty.

    In standard deviations of stations, as `balance_table` reports it: the studentised range of `arms` means with
    arms × (per_arm − 1) degrees of freedom, over √per_arm. Raises ValueError for fewer than two stations an arm.
    """
    if per_arm < 2:  # noqa: PLR2004 (one station has no spread)
        raise ValueError("chance has no measure with one station an arm")
    from scipy.stats import studentized_range  # noqa: PLC0415 (half a second or more, in every process of the study)

    middle, rare = studentized_range.ppf([0.5, 0.95], arms, arms * (per_arm - 1)) / sqrt(per_arm)
    return float(middle), float(rare)
