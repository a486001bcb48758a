"""Words for what participants' pages show."""

from collections.abc import Iterable

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

register = template.Library()

EVERY_DAY = 7


@register.filter
def weekday_names(weekdays: Iterable[int]) -> str:
    """Return ISO weekdays in words, in the order of the week."""
    days = sorted(set(weekdays))
    return _("every day") if len(days) == EVERY_DAY else ", ".join(str(WEEKDAYS[day - 1]).lower() for day in days)
