"""Numbers about people who look after others, so that no number speaks of one of them."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5
FEWEST_HIDDEN = 2


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts with those from 1 to 4 hidden (None), and so many more that none follows from the total.

    A total may stand beside them: what is hidden sums to 5 at least, over two of them, or all are hidden.
    """
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    by_size = sorted((key for key, count in counts.items() if key not in hidden), key=lambda key: (counts[key], key))
    while hidden and by_size and (len(hidden) < FEWEST_HIDDEN or sum(counts[key] for key in hidden) < SMALLEST_SHOWN):
        hidden.add(by_size.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}
