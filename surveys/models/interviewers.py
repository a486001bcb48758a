"""Who asks: where interviewers live, how much they take on, when they are away, and who asked a woman before."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.absences import DaysAway
from accounts.models import User
from participants.models import Participant
from stations.models import DateRange, District


class InterviewerProfile(models.Model):
    """The district where an interviewer lives, as a code, and the most surveys that she takes on in a week."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="interviewer_profile")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    surveys_a_week = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("user",)
        constraints = (
            models.CheckConstraint(condition=Q(surveys_a_week__lte=60), name="surveys_profile_to_sixty_a_week"),
        )

    def __str__(self) -> str:
        return str(self.user_id)


class InterviewerAbsence(DaysAway):
    """Days on which an interviewer asks nobody; without a last day, until somebody says so. Never deleted."""

    class Reason(models.TextChoices):
        """Codes, not free text: what ails somebody is hers."""

        LEAVE = "leave", _("Leave")
        HEALTH = "health", _("Health")
        REST = "rest", _("A rest after hard conversations")
        OTHER_DUTY = "other_duty", _("Another duty")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interviewer_absences")
    reason = models.CharField(max_length=16, choices=Reason.choices)

    class Meta(DaysAway.Meta):
        constraints = (
            *DaysAway.Meta.constraints,
            ExclusionConstraint(
                name="surveys_absence_one_at_a_time",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ),
                condition=Q(withdrawn_at=None),
                violation_error_message=_("She is away in that time already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_on}"


class InterviewerChange(models.Model):
    """A woman went from one interviewer to another, or to nobody: why, by whom (the rule, or a person), when."""

    class Reason(models.TextChoices):
        RULE = "rule", _("By the rule")
        SHE_ASKED = "she_asked", _("She asked for somebody else")
        KNOWN = "known", _("They know each other, or each other's families")
        LOAD = "load", _("To even out the work")
        LANGUAGE = "language", _("Language")
        OTHER = "other", _("Another reason")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="interviewer_changes")
    before = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-changed_at", "-id")
        indexes = (models.Index(fields=("participant", "-changed_at"), name="surveys_interviewer_changes"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(before=F("after")) | Q(before=None) | Q(after=None),
                name="surveys_interviewer_changed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"
