"""The waves each woman is due, and what was answered."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.ready_queries import Asked
from accounts.roles import Role
from participants.models import Participant
from surveys.models.instruments import Instrument


class SurveyCaseQuerySet(models.QuerySet["SurveyCase"]):
    """Survey cases, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "SurveyCaseQuerySet":
        """An interviewer's own cases; nobody else's."""
        return self.of_interviewer(user) if user.role == Role.INTERVIEWER else self.none()

    def of_interviewer(self, user: User | Asked) -> "SurveyCaseQuerySet":
        """Those of the women whom an interviewer follows."""
        return self.filter(participant__interviewer=user)


class SurveyCase(models.Model):
    """One woman at one wave: due within a window, then done, partial, refused or missed with the reason."""

    class Status(models.TextChoices):
        DUE = "due", _("Due")
        LATE = "late", _("Late")
        DONE = "done", _("Done")
        PARTIAL = "partial", _("Answered in part")
        NOT_PRIVATE = "not_private", _("To be resumed in private")
        REFUSED = "refused", _("Refused")
        MISSED = "missed", _("Missed")
        ON_HOLD = "on_hold", _("On hold")
        CANCELLED = "cancelled", _("Cancelled")

    class MissedReason(models.TextChoices):
        """What an interviewer says of a survey that did not come about; the sweep gives the first two by itself."""

        NOT_REACHED = "not_reached", _("She was not reached")
        NO_PRIVACY = "no_privacy", _("There was never privacy")
        UNSAFE = "unsafe", _("It was not safe to contact her")
        TRAVELLING = "travelling", _("She was travelling")
        UNABLE = "unable", _("She was ill or could not")
        LANGUAGE = "language", _("No language in common")
        NOBODY_WENT = "nobody_went", _("Nobody of ours could ask her")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="survey_cases")
    wave = models.CharField(max_length=16)
    wave_number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    window_from = models.DateField()
    window_until = models.DateField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DUE)
    status_changed_at = models.DateTimeField()
    # Why it is missed, on hold or cancelled, as a code.
    missed_reason = models.CharField(max_length=32, blank=True)
    # Who said why it was missed; nobody: the sweep's own word stands.
    missed_explained_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[SurveyCaseQuerySet] = SurveyCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("status", "window_until"), name="surveys_case_open"),)
        constraints = (
            models.UniqueConstraint(fields=("participant", "wave"), name="surveys_one_case_a_wave"),
            models.CheckConstraint(
                condition=Q(window_from__lte=F("due_on")) & Q(window_until__gte=F("due_on")),
                name="surveys_due_within_window",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=(
                        "due",
                        "late",
                        "done",
                        "partial",
                        "not_private",
                        "refused",
                        "missed",
                        "on_hold",
                        "cancelled",
                    ),
                ),
                name="surveys_case_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.wave}"


class Submission(models.Model):
    """The answers of one case, by item code, with the instrument's version and the outcome scores of that moment.

    `answers` holds no free text; the whole, as it was sent, is sealed with her key. `findings` are the rules it breaks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(SurveyCase, on_delete=models.PROTECT, related_name="submission")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField()
    scores = models.JSONField(default=dict)
    # Whether every question that was called for has its answer.
    is_complete = models.BooleanField(default=True, db_default=True)
    # Made by the device: the same one again is the same survey, if it says the same.
    instance_id = models.CharField(max_length=100, unique=True)
    content_sha256 = models.CharField(max_length=64)
    sealed_instance = models.BinaryField(null=True, blank=True)
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("submitted_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(answers={}), name="surveys_submission_has_answers"),)

    def __str__(self) -> str:
        return str(self.pk)
