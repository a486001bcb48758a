"""The recorded rule by which women are chosen to be asked for an interview."""

from collections.abc import Mapping, Sequence
from random import Random

RULE = "seeded_random"


def select_by_group(candidates: Mapping[str, Sequence[int]], *, per_group: int, seed: int) -> list[int]:
    """Draw `per_group` ids of each group by seed, and shuffle them so that their order tells nothing of the group.

    The same candidates, in any order, and the same seed give the same result. Raise ValueError if a group is too small.
    """
    generator = Random(seed)  # noqa: S311 (a choice that can be repeated, not a secret)
    drawn = [
        chosen for group in sorted(candidates) for chosen in generator.sample(sorted(candidates[group]), per_group)
    ]
    generator.shuffle(drawn)
    return drawn
