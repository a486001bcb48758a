"""A count in words for whoever may read no small cell."""

from django.utils.translation import gettext

from accounts.numbers import grouped_count
from panel.small_cells import SMALLEST_SHOWN


def shown_number(count: int, *, hides_small: bool) -> str:
    """Return a count as it is read: 1 to 4 as fewer than 5 where small ones are hidden."""
    if hides_small and 0 < count < SMALLEST_SHOWN:
        return gettext("fewer than 5")
    return grouped_count(count)
