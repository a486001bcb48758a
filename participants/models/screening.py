"""Who was asked whether she can and wants to take part, by whom, and what came of it."""

from typing import ClassVar, TypeAlias

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants import eligibility
from participants.models.intake import IncidentReport
from participants.models.people import Participant


class ScreeningQuerySet(models.QuerySet["Screening"]):
    """Screenings, of which the last one of a woman counts."""

    def counting(self) -> "ScreeningQuerySet":
        """Those that no later one replaced."""
        return self.filter(superseded_at=None)


class Screening(models.Model):
    """One try at a woman's first report; a later one supersedes it, and none is deleted.

    `reasons` are the codes of every rule that she does not meet.
    """

    Outcome: TypeAlias = eligibility.Outcome
    Refusal: TypeAlias = eligibility.Refusal

    report = models.ForeignKey(IncidentReport, on_delete=models.PROTECT, related_name="screenings")
    attempt = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16, choices=eligibility.Outcome.choices)
    reasons = ArrayField(models.CharField(max_length=32), default=list)
    refusal = models.CharField(max_length=16, choices=eligibility.Refusal.choices, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    # Another woman with the same address was enrolled at the station; the screener was told.
    household_seen = models.BooleanField(default=False)
    protocol_version = models.CharField(max_length=32)
    screened_at = models.DateTimeField()
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    screener_role = models.CharField(max_length=32, choices=Role.choices)
    # Asked of the screener; nobody at a station is told.
    knows_arm = models.BooleanField()
    station_allocated = models.BooleanField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="screening"
    )

    objects: ClassVar[ScreeningQuerySet] = ScreeningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("report", "attempt")
        indexes = (models.Index(fields=("screened_at",), name="participants_screening_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("report", "attempt"),
                name="participants_screening_attempt_once",
                violation_error_message=_("Somebody else has screened her meanwhile."),
            ),
            models.UniqueConstraint(
                fields=("report",), condition=Q(superseded_at=None), name="participants_one_screening_counts"
            ),
            models.CheckConstraint(
                condition=(Q(outcome="not_eligible") & ~Q(reasons=[])) | (~Q(outcome="not_eligible") & Q(reasons=[])),
                name="participants_screening_says_why",
                violation_error_message=_("Say which condition she does not meet."),
            ),
            models.CheckConstraint(
                condition=(Q(outcome="refused") & ~Q(refusal="")) | (~Q(outcome="refused") & Q(refusal="")),
                name="participants_refusal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(participant=None) | Q(outcome="eligible", superseded_at=None),
                name="participants_enrolled_from_eligible",
                violation_error_message=_("Only a woman found eligible can be enrolled."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.report_id} {self.attempt}"
