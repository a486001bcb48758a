"""Parts of a whole in per cent, for whoever reads all numbers and for whoever reads no small cell."""

from panel.small_cells import SMALLEST_SHOWN


def share(part: int, whole: int) -> int | None:
    """Return how many per cent a part is of the whole; None of nothing."""
    return round(100 * part / whole) if whole else None


def shown_share(part: int, whole: int) -> int | None:
    """Return the same for whoever may read no small cell: None if the part or what is left of the whole is 1 to 4."""
    is_small = any(0 < count < SMALLEST_SHOWN for count in (part, whole - part))
    return None if is_small else share(part, whole)
