"""All ways to part stations into sets of equal size, each scored exactly, without holding them in memory.

Stations are numbered 0 … n − 1. A partition is counted once, whatever its sets are called: its first set holds
station 0, the next set the smallest station left, and so on; sets come in lexicographic order, so the partitions
have one order for ever. 16 stations in four sets: 2,627,625 partitions, with 4! names each 63,063,000 assignments.

The score of a partition is the sum over its sets of a whole number that the set alone decides: for set S,
sum over covariates of weight × (sum over S of the covariate)². So each of the few possible sets is scored once, and a
partition costs a look-up and an addition per set. The covariates are whole numbers: no rounding, on any machine.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from os import cpu_count

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

Ints = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
MOST_PARTITIONS = 1_000_000_000
MOST_BLOCKS_AHEAD = 64


class TooManyPartitions(ValueError):
    """There are more partitions than can be gone through one by one."""


@dataclass(frozen=True, slots=True)
class Covariates:
    """Whole numbers by station and covariate (n × K), and a whole weight for each covariate (K)."""

    values: Ints
    weights: Ints

    def set_scores(self, members: npt.NDArray[np.integer]) -> Ints:
        """Score sets given by their members (m × size): sum of weight × (sum of the covariate over the set)²."""
        sums = self.values[members].sum(axis=1)
        scores: Ints = (sums * sums) @ self.weights
        return scores


@dataclass(frozen=True, slots=True)
class Block:
    """The partitions that share their first set, in order: their scores, and the set number of each station."""

    scores: Ints
    rest: npt.NDArray[np.intp]
    pattern: "_Pattern"

    def growth(self, chosen: npt.NDArray[np.integer]) -> npt.NDArray[np.uint8]:
        """Return for some partitions of the block the set number of each station (m × n): 0 for the first set."""
        sets = np.zeros((len(chosen), len(self.rest) + self.pattern.size), dtype=np.uint8)
        sets[:, self.rest] = self.pattern.growth[chosen] + 1
        return sets


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How the stations outside the first set are parted, by their places: the same in each block."""

    size: int
    subsets: npt.NDArray[np.intp]  # every set of places, C × size
    choice: npt.NDArray[np.intp]  # per partition and set, the row of `subsets`: m × (sets − 1)
    growth: npt.NDArray[np.uint8]  # per partition, the set number of each place: m × places


def count_partitions(stations: int, sets: int) -> int:
    """Return the number of partitions of that many stations into sets of equal size."""
    size = stations // sets
    return factorial(stations) // (factorial(size) ** sets * factorial(sets))


class PartitionSpace:
    """Every partition of n stations into `sets` sets of equal size, with its score.

    Raises TooManyPartitions above a thousand million, ValueError where the stations do not part evenly.
    """

    def __init__(self, covariates: Covariates, *, sets: int) -> None:
        stations = len(covariates.values)
        if stations % sets or stations < sets:
            raise ValueError(f"{stations} stations do not part into {sets} equal sets")
        self.size, self.stations, self.sets = stations // sets, stations, sets
        self.partitions = count_partitions(stations, sets)
        if self.partitions > MOST_PARTITIONS:
            words = {"ways": f"{self.partitions:,}", "stations": stations, "sets": sets}
            raise TooManyPartitions(
                _("%(ways)s ways to part %(stations)s stations into %(sets)s sets are too many to go through") % words
            )
        self.covariates = covariates
        self._pattern = _pattern(stations - self.size, self.size)

    def blocks(self, progress: Progress | None = None) -> Iterator[Block]:
        """Yield every block in order, scored on all processors; tell `progress` partitions done and in all."""
        firsts = ((0, *others) for others in combinations(range(1, self.stations), self.size - 1))
        done = 0
        with ThreadPoolExecutor(cpu_count()) as pool:
            for batch in _batches(firsts, MOST_BLOCKS_AHEAD):
                for block in pool.map(self._block, batch):
                    yield block
                    done += len(block.scores)
                if progress is not None:
                    progress(done, self.partitions)

    def _block(self, first: tuple[int, ...]) -> Block:
        rest = np.setdiff1d(np.arange(self.stations), first)
        scores = np.full(len(self._pattern.choice), self.covariates.set_scores(np.array([first]))[0], dtype=np.int64)
        if self.sets > 1:
            by_subset = self.covariates.set_scores(rest[self._pattern.subsets])
            for column in self._pattern.choice.T:
                scores += by_subset[column]
        return Block(scores, rest, self._pattern)

    @property
    def assignments(self) -> int:
        """Return the number of assignments: partitions times the ways to name their sets."""
        return self.partitions * factorial(self.sets)


def _pattern(places: int, size: int) -> _Pattern:
    subsets = list(combinations(range(places), size)) if places else []
    row = {subset: number for number, subset in enumerate(subsets)}
    partitions = list(_parted(tuple(range(places)), size))
    choice = np.array([[row[part] for part in parts] for parts in partitions], dtype=np.intp)
    growth = np.zeros((len(partitions), places), dtype=np.uint8)
    for number, column in enumerate(
        np.array(partitions, dtype=np.intp).reshape(len(partitions), -1, size).swapaxes(0, 1)
    ):
        np.put_along_axis(growth, column, np.uint8(number), axis=1)
    return _Pattern(size, np.array(subsets, dtype=np.intp).reshape(-1, size), choice, growth)


def _parted(places: tuple[int, ...], size: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    if not places:
        yield ()
        return
    first, others = places[0], places[1:]
    for chosen in combinations(others, size - 1):
        rest = tuple(place for place in others if place not in chosen)
        for parts in _parted(rest, size):
            yield ((first, *chosen), *parts)


def _batches(items: Iterator[tuple[int, ...]], size: int) -> Iterator[list[tuple[int, ...]]]:
    batch: list[tuple[int, ...]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
