"""Scales as data, assessments frozen with the version that scored them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from risk.sheet_content import SheetMark


class Scale(models.Model):
    """One version of a risk scale, whole, as its file says."""

    code = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    # None: in force from the day on which it was loaded.
    effective_on = models.DateField(null=True, blank=True)
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


class ScalePack(models.Model):
    """A licence holder's item texts for one version of a scale."""

    scale = models.OneToOneField(Scale, on_delete=models.PROTECT, related_name="pack")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    licensed_until = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("scale",)

    def __str__(self) -> str:
        return f"pack of {self.scale_id}"


class Assessment(models.Model):
    """One filled-in scale: answers, score, the computed level, the officer's, the level held after it, and why."""

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
    # How many of the items asked were left blank.
    missing = models.PositiveSmallIntegerField(default=0)
    # Empty when blanks leave the level open.
    computed_level = models.CharField(max_length=16, blank=True)
    # Empty when the officer left it at the computed one.
    officer_level = models.CharField(max_length=16, blank=True)
    # Of the official printout, when the level was chosen by hand.
    reference = models.CharField(max_length=64, blank=True)
    # The level held after it.
    level = models.CharField(max_length=16, blank=True)
    level_rank = models.PositiveSmallIntegerField(default=0)
    raised_reason = models.CharField(max_length=16, choices=RaisedReason.choices, blank=True)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)
    own_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    # Made with the form, so that one sent twice is one assessment.
    form_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    content_hmac = models.CharField(max_length=64, blank=True)

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


class PhoneSheetQuerySet(models.QuerySet["PhoneSheet"]):
    """Sheets from phones, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "PhoneSheetQuerySet":
        """Those of the women of her station."""
        return self.filter(assessment__participant__in=Participant.objects.visible_to(user))

    def to_look_at(self) -> "PhoneSheetQuerySet":
        """Those that are marked and that nobody has looked at."""
        return self.exclude(marks=[]).filter(seen_at=None)

    def seen(self) -> "PhoneSheetQuerySet":
        return self.exclude(seen_at=None)


class PhoneSheet(models.Model):
    """What a phone said of a sheet that it scored without a signal, beside the assessment made of it here."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="from_phone")
    # As the phone sent it; a second content under one identifier has an identifier of its own in the assessment.
    sheet_id = models.UUIDField()
    # The visit, if it was filled in at one; that room knows this one.
    visit_id = models.UUIDField(null=True, blank=True)
    filled_at = models.DateTimeField()
    received_at = models.DateTimeField()
    device_score = models.IntegerField(null=True, blank=True)
    device_level = models.CharField(max_length=16, blank=True)
    device_version = models.CharField(max_length=64, blank=True)
    marks = ArrayField(models.CharField(max_length=16, choices=SheetMark.choices), default=list, blank=True)
    clock_skew_s = models.IntegerField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[PhoneSheetQuerySet] = PhoneSheetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("received_at", "id")
        indexes = (
            models.Index(fields=("sheet_id",), name="risk_phone_sheet_by_id"),
            models.Index(fields=("-received_at",), condition=~Q(marks=[]), name="risk_phone_sheet_marked"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="risk_phone_sheet_seen_by_somebody",
                violation_error_message=_("Whoever looked at a sheet is named with the hour."),
            ),
        )

    def __str__(self) -> str:
        return str(self.sheet_id)


class CurrentRisk(models.Model):
    """The level that a woman holds now; `replan_pending` until the planner has taken a change in."""

    class Escalation(models.TextChoices):
        """Who has been told that the next assessment is overdue."""

        SUPERVISOR = "supervisor", _("The supervisor")
        SAFETY_OFFICER = "safety_officer", _("The safety officer")

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="current_risk")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16)
    level_rank = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    reassess_due_on = models.DateField()
    replan_pending = models.BooleanField(default=False)
    escalated_to = models.CharField(max_length=16, choices=Escalation.choices, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("participant",)
        indexes = (
            models.Index(fields=("participant",), condition=Q(replan_pending=True), name="risk_replan_pending"),
            models.Index(fields=("reassess_due_on",), name="risk_reassess_due"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(level=""), name="risk_current_level_known"),
            models.CheckConstraint(
                condition=Q(escalated_to__in=("", "supervisor", "safety_officer")), name="risk_escalation_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.level}"


class LoweringQuerySet(models.QuerySet["Lowering"]):
    """Proposed lowerings, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "LoweringQuerySet":
        """Those of the women whom a supervisor may list; all of them, for reading, to the safety officer."""
        if user.role == Role.SAFETY_OFFICER:
            return self.all()
        return (
            self.filter(participant__in=Participant.objects.visible_to(user))
            if user.role == Role.SUPERVISOR
            else (self.none())
        )

    def waiting(self) -> "LoweringQuerySet":
        return self.filter(state=Lowering.State.WAITING)


class Lowering(models.Model):
    """A level lower than the one held, as a complete form came to it, until a supervisor has decided."""

    OTHER = "other"

    class State(models.TextChoices):
        WAITING = "waiting", _("To decide")
        CONFIRMED = "confirmed", _("Lowered")
        DECLINED = "declined", _("Left as it was")
        SUPERSEDED = "superseded", _("A newer sheet came")

    class ConfirmedReason(models.TextChoices):
        """Why a level may be lowered."""

        HE_IS_AWAY = "he_is_away", _("He is detained or far away")
        PROTECTED = "protected", _("Protection measures are in force and kept")
        SAFE_PLACE = "safe_place", _("She lives in a place that he does not know")
        NO_INCIDENTS = "no_incidents", _("No incidents since the sheet before, and she says the same")
        CORRECTED = "corrected", _("An answer of the sheet before was mistaken")
        OTHER = "other", _("Another reason, in the note")

    class DeclinedReason(models.TextChoices):
        """Why a level stays although the form comes to less."""

        HER_FEAR = "her_fear", _("She fears more than the sheet shows")
        RECENT_INCIDENT = "recent_incident", _("The last incident is too recent")
        NOT_PRIVATE = "not_private", _("The sheet was not filled in in private")
        OTHER = "other", _("Another reason, in the note")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="lowerings")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="lowering")
    from_level = models.CharField(max_length=16)
    from_rank = models.PositiveSmallIntegerField()
    to_level = models.CharField(max_length=16)
    to_rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=16, blank=True)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)

    objects: ClassVar[LoweringQuerySet] = LoweringQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(state="waiting"),
                name="risk_one_lowering_waits",
                violation_error_message=_("A lower level already waits for a decision."),
            ),
            models.CheckConstraint(condition=Q(to_rank__lt=models.F("from_rank")), name="risk_lowering_is_lower"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by=None, reason="")
                | Q(state="superseded", decided_at__isnull=False, decided_by=None, reason="")
                | Q(
                    state="confirmed",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    reason__in=("he_is_away", "protected", "safe_place", "no_incidents", "corrected", "other"),
                )
                | Q(
                    state="declined",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    reason__in=("her_fear", "recent_incident", "not_private", "other"),
                ),
                name="risk_lowering_decided_with_reason",
                violation_error_message=_("Whoever decides says why."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.state}"
