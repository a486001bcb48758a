"""How far two coders agree beyond chance: Cohen's kappa over the paragraphs of a text.

Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
A unit is a paragraph; a code is there or not in the eyes of each coder.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """In how many units both, only the first, only the second, or neither put a code."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def units(self) -> int:
        """Return how many units there are."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def observed(self) -> float | None:
        """Return the share of units in which they agree, None without units."""
        return (self.both + self.neither) / self.units if self.units else None

    @property
    def kappa(self) -> float | None:
        """Return kappa, from -1 to 1; None where chance alone would make them agree: nothing varies, or no units."""
        if self.observed is None:
            return None
        first, second = (self.both + self.first_only) / self.units, (self.both + self.second_only) / self.units
        # Both put the code everywhere, or both nowhere: said in whole numbers, which do not round.
        if {self.both, self.neither} == {0, self.units} and not self.first_only and not self.second_only:
            return None
        expected = first * second + (1 - first) * (1 - second)
        return (self.observed - expected) / (1 - expected)


def agreement(units: int, first: Collection[int], second: Collection[int]) -> Agreement:
    """Return how two coders agree on one code: each gives the units (from 0) in which she put it."""
    one, other = set(first), set(second)
    both = len(one & other)
    return Agreement(both, len(one) - both, len(other) - both, units - len(one | other))


def pooled(agreements: Iterable[Agreement]) -> Agreement:
    """Return the agreement over all codes: each pair of a unit and a code is a unit."""
    rows = list(agreements)
    return Agreement(
        sum(row.both for row in rows),
        sum(row.first_only for row in rows),
        sum(row.second_only for row in rows),
        sum(row.neither for row in rows),
    )
