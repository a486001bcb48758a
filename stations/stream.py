"""Randomness that anyone can draw again: a stream of SHA-256 blocks, the same in every language and for ever.

Block i of the stream of seed s for a purpose p is SHA-256("p:s:i"), read as a 256-bit integer, big-endian. A choice
among n takes the first block below the largest multiple of n, modulo n, so that each is equally likely.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count

BLOCK_VALUES = 1 << 256


class Stream:
    """The blocks of one seed for one purpose, taken one after another."""

    def __init__(self, *, seed: str, purpose: str) -> None:
        self._blocks = _blocks(f"{purpose}:{seed}")

    def below(self, bound: int) -> int:
        """Take a whole number from 0 to bound − 1, each equally likely."""
        limit = BLOCK_VALUES - BLOCK_VALUES % bound
        return next(block for block in self._blocks if block < limit) % bound


def shuffled(items: Sequence[str], *, seed: str, purpose: str) -> list[str]:
    """Return the items, sorted and then shuffled by Fisher and Yates with the stream of that seed and purpose."""
    order, stream = sorted(items), Stream(seed=seed, purpose=purpose)
    for last in range(len(order) - 1, 0, -1):
        chosen = stream.below(last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return order


def _blocks(prefix: str) -> Iterator[int]:
    for number in count():
        yield int.from_bytes(hashlib.sha256(f"{prefix}:{number}".encode()).digest(), "big")
