"""A survey being asked: in private, with a code by which the interviewer comes back to it; and how it was for her."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from surveys.interviewing import Wish
from surveys.models.cases import SurveyCase


class SurveySitting(models.Model):
    """One opening of a survey: she was alone then. While it is covered, only the harmless sheet is shown."""

    case = models.ForeignKey(SurveyCase, on_delete=models.PROTECT, related_name="sittings")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Hashed like a password; it serves for this sitting only.
    pin = models.CharField(max_length=128)
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    covered_at = models.DateTimeField(null=True, blank=True)
    times_covered = models.PositiveSmallIntegerField(default=0)
    # What was answered so far, sealed with the woman's own key, and when that was.
    sealed_draft = models.BinaryField(null=True, blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(ended_at=None),
                name="surveys_one_sitting_at_a_time",
                violation_error_message=_("This survey is open already."),
            ),
            models.CheckConstraint(condition=~Q(pin=""), name="surveys_sitting_has_pin"),
            models.CheckConstraint(
                condition=Q(sealed_draft=None, draft_at=None) | Q(sealed_draft__isnull=False, draft_at__isnull=False),
                name="surveys_draft_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"


class SurveyDebrief(models.Model):
    """How a survey went, in codes and a sealed note of the interviewer; and whom the woman wants next time."""

    class Code(models.TextChoices):
        CALM = "calm", _("Calm")
        HARD = "hard", _("Hard to hear")
        INTERRUPTED = "interrupted", _("We were interrupted")
        WORRIED = "worried", _("I am worried about her")

    case = models.OneToOneField(SurveyCase, on_delete=models.PROTECT, related_name="debrief")
    codes = ArrayField(models.CharField(max_length=16, choices=Code.choices), default=list)
    wish = models.CharField(max_length=8, choices=Wish.choices, default=Wish.ANY)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(codes__contained_by=["calm", "hard", "interrupted", "worried"]),
                name="surveys_debrief_codes_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)
