"""Scales as data, assessments frozen with the version that scored them, and the alerts they raise."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant


class Scale(models.Model):
    """One version of a risk scale, whole, as its file says."""

    code = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"),
                name="risk_scale_version_unique",
                violation_error_message=_("This version of the scale is already loaded with another content."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Assessment(models.Model):
    """One filled-in scale: answers, score, the computed level, the level held after it, and whose word it was."""

    class RaisedReason(models.TextChoices):
        NEW_INCIDENT = "new_incident", _("There was a new incident")
        WEAPON = "weapon", _("He has, or could get, a weapon")
        SEPARATION = "separation", _("She is leaving him or has just left")
        THREATS = "threats", _("Threats to her, her children or others")
        HER_FEAR = "her_fear", _("She fears more than the sheet shows")
        OTHER = "other", _("Another reason, in the note")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="assessments")
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="assessments")
    assessed_at = models.DateTimeField()
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField()
    overrides = models.JSONField(default=dict)
    score = models.SmallIntegerField()
    is_complete = models.BooleanField()
    # Empty when blanks leave the level open.
    computed_level = models.CharField(max_length=16, blank=True)
    level = models.CharField(max_length=16, blank=True)
    level_rank = models.PositiveSmallIntegerField(default=0)
    raised_reason = models.CharField(max_length=16, choices=RaisedReason.choices, blank=True)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)
    own_rating = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("participant", "-assessed_at", "-id")
        indexes = (models.Index(fields=("participant", "-assessed_at"), name="risk_assessment_latest"),)
        constraints = (
            models.CheckConstraint(condition=Q(own_rating=None) | Q(own_rating__lte=10), name="risk_own_rating_to_10"),
            models.CheckConstraint(
                condition=Q(
                    raised_reason__in=("", "new_incident", "weapon", "separation", "threats", "her_fear", "other")
                ),
                name="risk_raised_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(is_complete=False) | ~Q(computed_level=""), name="risk_complete_form_has_level"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.assessed_at:%Y-%m-%d}"


class CurrentRisk(models.Model):
    """The level that a woman holds now; `replan_pending` until the planner has taken a change in."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="current_risk")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16)
    level_rank = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    reassess_due_on = models.DateField()
    replan_pending = models.BooleanField(default=False)

    class Meta:
        ordering = ("participant",)
        indexes = (models.Index(fields=("participant",), condition=Q(replan_pending=True), name="risk_replan_pending"),)
        constraints = (models.CheckConstraint(condition=~Q(level=""), name="risk_current_level_known"),)

    def __str__(self) -> str:
        return f"{self.participant_id} {self.level}"


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "AlertQuerySet":
        """Every alert, of whichever station, to a safety officer; none to anybody else."""
        return self.all() if user.role == Role.SAFETY_OFFICER else self.none()

    def unanswered(self) -> "AlertQuerySet":
        return self.filter(answered_at=None)


class Alert(models.Model):
    """A same-day safety alert, the same in every arm, until a named person has answered it."""

    class VisitRule(models.TextChoices):
        """The rules that no scale holds: what an officer met at a visit."""

        UNSAFE_VISIT = "unsafe_visit", _("It was not safe at the visit")
        OFFICER_CONCERN = "officer_concern", _("Whoever visited her is worried about her safety")

    class Response(models.TextChoices):
        SPOKE_TO_HER = "spoke_to_her", _("Spoke to her; she is safe for now")
        EMERGENCY = "emergency", _("Emergency services went")
        REFERRED = "referred", _("Referred, and the referral was taken up")
        VISIT_BROUGHT_FORWARD = "visit_brought_forward", _("The next visit was brought forward")
        NOT_REACHED = "not_reached", _("Could not reach her; the station was told")
        OTHER = "other", _("Something else, in the note")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="alerts")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    rule = models.CharField(max_length=32)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts_to_answer"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    response = models.CharField(max_length=32, choices=Response.choices, blank=True)
    sealed_note = models.BinaryField(null=True, blank=True)

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("due_at",), condition=Q(answered_at=None), name="risk_alert_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None, response="") | (Q(answered_at__isnull=False) & ~Q(response="")),
                name="risk_alert_answer_has_words",
                violation_error_message=_("Say what was done."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.rule}"
