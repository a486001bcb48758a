"""The smallest randomisation p that each contrast can reach under the design that the stations are drawn by.

A contrast of two arms is tested by giving their stations the two arms again in every way that the design could have,
while the other arms stay as they are: only for these stations does the null hypothesis say what would have been seen.
A main effect is tested the same way within each pair of arms that differ in that factor alone, both at once. With m
such ways and a two-sided test, no p is below 2 / m: a way and its mirror image, the arms exchanged, differ equally.
Blocks of four stations, one an arm, leave 2⁴ = 16 ways for two arms, so p is never below .125.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod

import numpy as np

from stations.partitions import Covariates, Ints

LARGEST_P = 0.05


@dataclass(frozen=True, slots=True)
class Contrast:
    """What is compared: pairs of arms, the second against the first; a main effect has several pairs."""

    name: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many ways there are to give the arms of a contrast again, and the smallest p that they allow."""

    contrast: Contrast
    ways: int

    @property
    def smallest_p(self) -> float:
        """Return 2 / ways, at most 1."""
        return min(1.0, 2 / self.ways)

    @property
    def is_out_of_reach(self) -> bool:
        """Say whether no result whatever could be significant at .05."""
        return self.smallest_p > LARGEST_P


def contrasts(factors: Mapping[str, Mapping[str, bool]]) -> list[Contrast]:
    """Return the main effect of each factor that can be compared within the others, then every pair of arms.

    `factors` maps an arm to its factors and whether it has them: {"control": {"training": False, …}, …}.
    """
    names = list(next(iter(factors.values()))) if factors else []
    main = [Contrast(name, pairs) for name in names if len(pairs := _pairs_differing_only_in(name, factors)) > 1]
    return main + [Contrast(f"{second} – {first}", ((first, second),)) for first, second in combinations(factors, 2)]


def _pairs_differing_only_in(name: str, factors: Mapping[str, Mapping[str, bool]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (without, having)
        for without in factors
        for having in factors
        if factors[having][name]
        and not factors[without][name]
        and all(factors[without][other] == factors[having][other] for other in factors[without] if other != name)
    )


def reach_in_blocks(
    blocks: Sequence[Sequence[str]], assignment: Mapping[str, str], compared: Sequence[Contrast]
) -> list[Reach]:
    """Count the ways where each block is allocated by itself; one block of all stations is the simple method."""
    counts = [_arm_counts([assignment[code] for code in block]) for block in blocks]
    return [
        Reach(
            contrast,
            prod(
                comb(block.get(first, 0) + block.get(second, 0), block.get(first, 0))
                for block in counts
                for first, second in contrast.pairs
            ),
        )
        for contrast in compared
    ]


def reach_by_score(
    covariates: Covariates, cutoff: int, assignment: Sequence[str], compared: Sequence[Contrast]
) -> list[Reach]:
    """Count the ways whose score stays within the cut-off of the constrained method.

    `assignment` gives the arm of each station in the order of the covariates.
    """
    places = {arm: np.flatnonzero(np.array(assignment) == arm) for arm in set(assignment)}
    return [Reach(contrast, _ways_within(covariates, cutoff, places, contrast)) for contrast in compared]


def _ways_within(covariates: Covariates, cutoff: int, places: Mapping[str, np.ndarray], contrast: Contrast) -> int:
    touched = {arm for pair in contrast.pairs for arm in pair}
    kept = sum(int(covariates.set_scores(members[None, :])[0]) for arm, members in places.items() if arm not in touched)
    scores = np.array([kept], dtype=np.int64)
    for first, second in contrast.pairs:
        scores = np.add.outer(scores, _split_scores(covariates, places[first], places[second])).ravel()
    return int((scores <= cutoff).sum())


def _split_scores(covariates: Covariates, first: np.ndarray, second: np.ndarray) -> Ints:
    """Score every way to part the stations of two arms again, both arms together."""
    pooled = np.concatenate([first, second])
    chosen = np.array(list(combinations(range(len(pooled)), len(first))))
    others = np.array([np.setdiff1d(np.arange(len(pooled)), one) for one in chosen])
    return covariates.set_scores(pooled[chosen]) + covariates.set_scores(pooled[others])


def _arm_counts(arms: Sequence[str]) -> dict[str, int]:
    return {arm: arms.count(arm) for arm in set(arms)}
