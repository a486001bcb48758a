"""Training sessions held at stations, and who attended which module."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations.models import Officer, Station


class Session(models.Model):
    """One session of one module at one station."""

    class Module(models.IntegerChoices):
        GENDER_ROLES = 1, _("Module 1: gender roles, stereotypes and discrimination")
        VIOLENCE = 2, _("Module 2: causes, types and signs of gender-based violence")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="training_sessions")
    module = models.PositiveSmallIntegerField(choices=Module.choices)
    held_on = models.DateField()
    trainer = models.CharField(max_length=120, blank=True)
    deviation_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("held_on", "id")
        constraints = (
            models.CheckConstraint(condition=Q(module__in=(1, 2)), name="training_session_module_known"),
            models.UniqueConstraint(
                fields=("station", "module", "held_on"),
                name="training_session_once_a_day",
                violation_error_message=_("This session is already recorded."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.module} {self.held_on}"


class Attendance(models.Model):
    """An officer present at a session, with the knowledge test before and after (0–100)."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="attendances")
    score_before = models.PositiveSmallIntegerField(null=True, blank=True)
    score_after = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("session", "officer")
        constraints = (
            models.UniqueConstraint(fields=("session", "officer"), name="training_attended_once"),
            models.CheckConstraint(
                condition=(Q(score_before=None) | Q(score_before__lte=100))
                & (Q(score_after=None) | Q(score_after__lte=100)),
                name="training_scores_to_100",
                violation_error_message=_("A score lies between 0 and 100."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.officer_id}"
