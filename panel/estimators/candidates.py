"""The set of allocations that the study's own was drawn from, and the ways in it to give some arms again.

Randomisation inference asks what would have been found had the draw gone otherwise. It may only look at draws that
could have been made: those within the balance constraint, or within strata or matched sets, and never at a free
permutation. A test of one effect gives only those arms again between which the effect makes the whole difference, all
other stations keeping theirs, since only of these does the null hypothesis say what would have been seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod

import numpy as np

from panel.estimators.clustered import Bools, DesignInvalid, Floats, Ints
from panel.estimators.remarks import Remark, remark

ENUMERATED_UP_TO = 100_000
"""Ways up to which all are looked at."""

_BATCH = 20_000
_MOST_BATCHES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSet:
    """Which allocations could have been drawn, each as likely as the other.

    `stations` are the codes of the G stations, `actual` (G) the arm of each as a number into `arms`, `factors` (A × F)
    which of the trial's factors an arm has. Arms are given within `blocks` (G, block numbers). Where there is a
    `cutoff`, an allocation belongs to the set whose score, the sum over arms and covariates of weight × (sum of the
    covariate over the arm's stations)², is no greater; `values` (G × K) and `weights` (K) are whole numbers, so that
    membership hangs on no rounding.
    """

    stations: tuple[str, ...]
    arms: tuple[str, ...]
    actual: Ints
    factors: Bools
    blocks: Ints
    values: Ints
    weights: Ints
    cutoff: int | None

    def admits(self, allocations: Ints) -> Bools:
        """Say of allocations (W × G, arm numbers) that keep the blocks' numbers, which belong to the set."""
        if self.cutoff is None:
            return np.ones(len(allocations), dtype=bool)
        scores = np.zeros(len(allocations), dtype=np.int64)
        for arm in range(len(self.arms)):
            sums = (allocations == arm).astype(np.int64) @ self.values
            scores += (sums * sums) @ self.weights
        return np.asarray(scores <= self.cutoff)


@dataclass(frozen=True, slots=True)
class Ways:
    """Allocations (W × G, arm numbers), the actual one first; all that there are, or that many drawn besides it."""

    allocations: Ints
    is_exact: bool

    @property
    def count(self) -> int:
        return len(self.allocations)

    @property
    def told(self) -> Remark:
        """Say over how many ways."""
        return told_ways(self.count, is_exact=self.is_exact)


def told_ways(count: int, *, is_exact: bool) -> Remark:
    """Say "all 490 ways" or "10,000 seeded draws"; the actual allocation is none of the draws."""
    return remark("all_ways", count=count) if is_exact else remark("seeded_draws", count=count - 1)


def ways_to_give(candidates: CandidateSet, groups: Sequence[int], *, draws: int, seed: int) -> Ways:
    """Give the arms again within groups of arms (A, a number each): every way, or seeded draws where there are many.

    Raise DesignInvalid where the set is so narrow that draws do not find it.
    """
    parts = _parts(candidates, groups)
    if _count(candidates, parts) > ENUMERATED_UP_TO:
        return Ways(_drawn(candidates, parts, draws, np.random.default_rng(seed)), is_exact=False)
    found = _every(candidates, parts)
    found = found[candidates.admits(found)]
    others = found[(found != candidates.actual).any(axis=1)]
    return Ways(np.vstack([candidates.actual[None, :], others]), is_exact=True)


def interchangeable(exposure: Floats, factors: Bools, column: int) -> tuple[int, ...]:
    """Number the groups of arms (A) that differ in one treatment column alone.

    `exposure` (A × T × k) has the columns of each arm by period. Arms are together that agree in every other column;
    a factor of the trial that the column does not tell, though arms differ in that factor only, separates them too:
    so training alone is compared with and without the risk scale apart, never across.
    """
    others = exposure[:, :, [j for j in range(exposure.shape[2]) if j != column]]
    together = [[bool(np.array_equal(a, b)) for b in others] for a in others]
    own = exposure[:, :, column]
    kept = [f for f in range(factors.shape[1]) if _is_untold(own, factors, f, together)]
    keys = [(others[arm].tobytes(), tuple(factors[arm, kept])) for arm in range(len(exposure))]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return tuple(numbers[key] for key in keys)


def _is_untold(own: Floats, factors: Bools, factor: int, together: Sequence[Sequence[bool]]) -> bool:
    """Say whether some arms of a group differ in that factor only, and none of them in the column."""
    pairs = [
        (a, b)
        for a, b in combinations(range(len(own)), 2)
        if together[a][b] and np.flatnonzero(factors[a] != factors[b]).tolist() == [factor]
    ]
    return bool(pairs) and all(np.array_equal(own[a], own[b]) for a, b in pairs)


def _parts(candidates: CandidateSet, groups: Sequence[int]) -> list[Ints]:
    """Return the stations, by place, that give each other arms: of one block and one group, with different arms."""
    group = np.array(groups)[candidates.actual]
    parts = [
        np.flatnonzero((group == number) & (candidates.blocks == block))
        for number in dict.fromkeys(groups)
        for block in np.unique(candidates.blocks)
    ]
    return [part for part in parts if len(set(candidates.actual[part])) > 1]


def _count(candidates: CandidateSet, parts: Sequence[Ints]) -> int:
    return prod(_arrangements(np.unique(candidates.actual[part], return_counts=True)[1].tolist()) for part in parts)


def _arrangements(counts: Sequence[int]) -> int:
    return prod(comb(sum(counts[place:]), count) for place, count in enumerate(counts))


def _every(candidates: CandidateSet, parts: Sequence[Ints]) -> Ints:
    found = candidates.actual[None, :].copy()
    for part in parts:
        arranged = _arranged(candidates.actual[part])
        found = np.repeat(found, len(arranged), axis=0)
        found[:, part] = np.tile(arranged, (len(found) // len(arranged), 1))
    return found


def _arranged(labels: Ints) -> Ints:
    """Return every different order of some labels (m × their number)."""
    label, size = labels[0], len(labels)
    count = int((labels == label).sum())
    if count == size:
        return labels[None, :]
    rest = _arranged(labels[labels != label])
    places = list(combinations(range(size), count))
    found = np.empty((len(places) * len(rest), size), dtype=labels.dtype)
    for number, chosen in enumerate(places):
        block = found[number * len(rest) : (number + 1) * len(rest)]
        block[:, list(chosen)] = label
        block[:, np.setdiff1d(np.arange(size), chosen)] = rest
    return found


def _drawn(candidates: CandidateSet, parts: Sequence[Ints], draws: int, rng: np.random.Generator) -> Ints:
    found, missing = [candidates.actual[None, :]], draws
    for _ in range(_MOST_BATCHES):
        batch = np.repeat(candidates.actual[None, :], _BATCH, axis=0)
        for part in parts:
            batch[:, part] = rng.permuted(batch[:, part], axis=1)
        kept = batch[candidates.admits(batch)][:missing]
        found.append(kept)
        missing -= len(kept)
        if not missing:
            return np.vstack(found)
    raise DesignInvalid(remark("set_too_narrow"))
