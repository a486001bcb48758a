"""Days on which somebody of the study is away: what officers' and interviewers' absences have in common."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError


class AbsenceInvalid(StudyError):
    """An absence lies ahead, or goes on."""

    code = "absence_invalid"
    message = _("The last day must not be before the first, nor before today.")
    http_status = 422


class AwayAlready(StudyError):
    """Two absences do not overlap."""

    code = "away_already"
    message = _("She is away in that time already.")
    http_status = 409


class AbsenceWithdrawn(StudyError):
    """An absence is withdrawn once."""

    code = "absence_withdrawn"
    message = _("This absence is already withdrawn.")
    http_status = 409


class DaysAway(models.Model):
    """From a day on; without a last day, until somebody says so. Never deleted. Heirs say who, and why as a code."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-starts_on", "-id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_absence_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        )


def require_days(starts_on: date, ends_on: date | None, today: date) -> None:
    """Raise AbsenceInvalid if the last day lies before the first or before today."""
    if ends_on is not None and ends_on < max(starts_on, today):
        raise AbsenceInvalid
