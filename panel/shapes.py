"""In what shape a release gives the panels out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Shape(TextChoices):
    """How a panel lies in its files; tables that are no panels have one shape alone."""

    LONG = "long", _("Long: a row for each woman and period")
    WIDE = "wide", _("Wide: a row for each woman")
    BOTH = "both", _("Both")
