"""Covariate-constrained randomisation: all assignments scored, the best-balanced kept, one of them drawn.

The balance score is Σ over covariates of weight × Σ over pairs of arms of (difference of the arms' means)², on
covariates standardised over the drawn stations: the l2 metric of two arms (Raab and Butcher 2001; Li et al. 2017),
summed over the pairs of several. It is the same whatever the arms are called, so partitions are scored instead of
assignments: each partition stands for as many assignments as its sets can be named. A partition's whole-number
score T (see `partitions`) gives the balance score as (A × T − C) / (s² × 10⁸ × 10³), A arms of s stations each.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

from stations.partitions import Ints, PartitionSpace, Progress
from stations.standardised import SCORE_SCALE
from stations.stream import Stream, shuffled

BINS = 1 << 16
SHOWN_BINS = 60
DIGITS = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
END_OF_LINE = ord("\n")


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """Whole-number scores of all partitions: bounds, counts in bins that begin at `edges`, and the cut-off."""

    least: int
    greatest: int
    edges: tuple[int, ...]
    counts: tuple[int, ...]
    cutoff: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The assignments kept: those whose score is no greater than the cut-off, ties included.

    `together[i][j]` counts the kept partitions in which stations i and j share a set; `sha256` is the hash of the
    kept partitions in order, a line each: the set number of every station, 0–9 then a–z.
    """

    distribution: ScoreDistribution
    partitions: int
    kept_partitions: int
    arms: int
    sha256: str
    together: Ints

    @property
    def assignments(self) -> int:
        """Return how many assignments there are in all."""
        return self.partitions * factorial(self.arms)

    @property
    def kept(self) -> int:
        """Return how many assignments are kept."""
        return self.kept_partitions * factorial(self.arms)


def keep_best(space: PartitionSpace, *, pct: int, progress: Progress | None = None) -> Candidates:
    """Keep the best `pct` per cent of all assignments (1 … 100), in passes that hold no more than a block."""
    distribution = _distribution(space, rank=-(-space.partitions * pct // 100), progress=progress)
    digest, kept = hashlib.sha256(), 0
    together = np.zeros((space.stations, space.stations), dtype=np.int64)
    for block in space.blocks():
        chosen = np.flatnonzero(block.scores <= distribution.cutoff)
        if len(chosen):
            growth = block.growth(chosen)
            digest.update(_lines(growth))
            together += _counted_together(growth, space.sets)
            kept += len(chosen)
    return Candidates(distribution, space.partitions, kept, space.sets, digest.hexdigest(), together)


def draw_constrained(
    space: PartitionSpace, candidates: Candidates, codes: Sequence[str], arms: Sequence[str], *, seed: str
) -> dict[str, str]:
    """Draw one of the kept assignments, each equally likely: a partition, then which set gets which arm.

    `codes` are the stations in the order of the space. Return station code → arm code, sorted by station.
    """
    wanted = Stream(seed=seed, purpose="constrained").below(candidates.kept_partitions)
    names = shuffled(arms, seed=seed, purpose="arms")
    sets = _kept_partition(space, candidates.distribution.cutoff, wanted)
    return dict(sorted((code, names[number]) for code, number in zip(codes, sets, strict=True)))


def balance_score(score: int, space: PartitionSpace) -> float:
    """Return the balance score that a partition's whole-number score stands for; 0 is perfect balance."""
    totals = space.covariates.values.sum(axis=0)
    constant = int((totals * totals) @ space.covariates.weights)
    return (space.sets * score - constant) / (space.size**2 * SCORE_SCALE)


def partition_score(space: PartitionSpace, sets: Sequence[Sequence[int]]) -> int:
    """Return the whole-number score of one partition, its sets given by their stations' places."""
    return int(space.covariates.set_scores(np.array(sets)).sum())


def _distribution(space: PartitionSpace, *, rank: int, progress: Progress | None) -> ScoreDistribution:
    least, greatest = _bounds(space, progress)
    width = (greatest - least) // BINS + 1
    counts = np.zeros(BINS, dtype=np.int64)
    for block in space.blocks():
        counts += np.bincount((block.scores - least) // width, minlength=BINS)
    reached = np.cumsum(counts)
    place = int(np.searchsorted(reached, rank))
    before = int(reached[place - 1]) if place else 0
    cutoff = _ranked_within(space, rank - before, low=least + place * width, high=least + (place + 1) * width)
    edges = _shown_edges((greatest - least) // width + 1)
    shown = np.add.reduceat(counts, edges)
    return ScoreDistribution(
        least, greatest, tuple(least + int(edge) * width for edge in edges), tuple(int(n) for n in shown), cutoff
    )


def _bounds(space: PartitionSpace, progress: Progress | None) -> tuple[int, int]:
    extremes = [(int(block.scores.min()), int(block.scores.max())) for block in space.blocks(progress)]
    return min(low for low, _high in extremes), max(high for _low, high in extremes)


def _shown_edges(used_bins: int) -> npt.NDArray[np.intp]:
    return np.unique(np.linspace(0, used_bins, SHOWN_BINS, endpoint=False).astype(np.intp))


def _ranked_within(space: PartitionSpace, rank: int, *, low: int, high: int) -> int:
    """Return the rank-th least score of those from low to below high."""
    within = [block.scores[(block.scores >= low) & (block.scores < high)] for block in space.blocks()]
    return int(np.partition(np.concatenate(within), rank - 1)[rank - 1])


def _lines(growth: npt.NDArray[np.uint8]) -> bytes:
    ends = np.full((len(growth), 1), END_OF_LINE, dtype=np.uint8)
    return np.hstack([DIGITS[growth], ends]).tobytes()


def _counted_together(growth: npt.NDArray[np.uint8], sets: int) -> Ints:
    counted = np.zeros((growth.shape[1], growth.shape[1]), dtype=np.int64)
    for number in range(sets):
        # Counts below 2**24 are exact in single precision, and a block is never so large.
        member = (growth == number).astype(np.float32)
        counted += (member.T @ member).astype(np.int64)
    return counted


def _kept_partition(space: PartitionSpace, cutoff: int, wanted: int) -> list[int]:
    passed = 0
    for block in space.blocks():
        chosen = np.flatnonzero(block.scores <= cutoff)
        if wanted < passed + len(chosen):
            return [int(number) for number in block.growth(chosen[[wanted - passed]])[0]]
        passed += len(chosen)
    raise IndexError(wanted)


def best_matched(space: PartitionSpace) -> list[int]:
    """Return the set number of each station in the partition whose sets are most alike within; the first of equals.

    The sum of squares within sets is a constant minus the score over the set's size (for whole-number covariates),
    so the sets are most alike where the score is greatest. Every partition is looked at: this is the optimum.
    """
    best = max(space.blocks(), key=lambda block: int(block.scores.max()))
    return [int(number) for number in best.growth(np.array([best.scores.argmax()]))[0]]


@dataclass(frozen=True, slots=True)
class PairShare:
    """Two stations by place, and in what share of the kept assignments they have the same arm."""

    first: int
    second: int
    share: float


def pair_shares(candidates: Candidates) -> list[PairShare]:
    """Return every pair of stations: the validity matrix, half of it.

    A share of 0 or 1 means that the constraint decided for the pair and chance did not (Moulton 2004).
    """
    count = len(candidates.together)
    return [
        PairShare(first, second, int(candidates.together[first, second]) / candidates.kept_partitions)
        for first in range(count)
        for second in range(first + 1, count)
    ]
