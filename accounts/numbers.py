"""How counts are written."""

from django.utils.formats import number_format


def grouped_count(count: int) -> str:
    """Return a whole number with its thousands told apart as the language in force does it."""
    return number_format(count, force_grouping=True)
