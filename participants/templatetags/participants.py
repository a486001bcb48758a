"""Words for what participants' pages show."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participants.presenters.homes import home_words

register = template.Library()
register.filter(home_words)

EVERY_DAY = 7


@register.filter
def weekday_names(weekdays: Iterable[int]) -> str:
    """Return ISO weekdays in words, in the order of the week."""
    days = sorted(set(weekdays))
    return _("every day") if len(days) == EVERY_DAY else ", ".join(str(WEEKDAYS[day - 1]).lower() for day in days)


@register.filter
def day_and_hour(moment: datetime) -> str:
    """Return a moment as it is said within a sentence: domingo 29 de noviembre, 15:00."""
    local = timezone.localtime(moment)
    day = date_format(local, "MONTH_DAY_FORMAT")
    # English writes days and months with a capital, Spanish with none.
    return f"{day if get_language() == 'en' else day.lower()}, {local:%H:%M}"
