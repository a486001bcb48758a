"""Counts in templates."""

from django import template

from accounts.numbers import grouped_count

register = template.Library()


@register.filter
def grouped(value: object) -> object:
    """Return a whole number with its thousands told apart as the language does it; anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return grouped_count(value)
    return value
