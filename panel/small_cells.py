"""Counts that are safe to show: a few women in a cell could be known by it."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return one row's counts with 1 to 4 hidden (None).

    Whoever knows the row's total could work out a cell that is hidden alone: then the next smallest is hidden too.
    """
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        others = [(count, key) for key, count in counts.items() if count >= SMALLEST_SHOWN]
        hidden |= {min(others)[1]} if others else set()
    return {key: None if key in hidden else count for key, count in counts.items()}
