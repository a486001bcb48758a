"""Surveys asked again in part by a second interviewer: what was said then is its own, and no data set holds it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from participants.safe_contact import Contact
from surveys.models import CallAttempt, Submission


class BackCheckQuerySet(models.QuerySet["BackCheck"]):
    """Back-checks, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "BackCheckQuerySet":
        """An interviewer's own, as the second; nobody else's."""
        return self.filter(interviewer=user) if user.role == Role.INTERVIEWER else self.none()

    def open(self) -> "BackCheckQuerySet":
        return self.filter(status=BackCheck.Status.DUE)


class BackCheck(models.Model):
    """One survey that was drawn to be asked again: at most one of a woman, and never by whoever asked first."""

    class Status(models.TextChoices):
        DUE = "due", _("Due")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    class MissedReason(models.TextChoices):
        """What the second interviewer says; the nightly run says by itself that nobody was free."""

        NOT_REACHED = "not_reached", _("She was not reached")
        NO_PRIVACY = "no_privacy", _("There was never privacy")
        UNSAFE = "unsafe", _("It was not safe to contact her")
        TRAVELLING = "travelling", _("She was travelling")
        UNABLE = "unable", _("She was ill or could not")
        LANGUAGE = "language", _("No language in common")
        OTHER = "other", _("Another reason")
        NOBODY_FREE = "nobody_free", _("No second interviewer was free")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="back_check")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="back_check")
    first = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # NULL: nobody is free yet.
    interviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="back_checks")
    # When it came to whoever has it now.
    given_at = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField()
    window_from = models.DateField()
    window_until = models.DateField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DUE)
    status_changed_at = models.DateTimeField()
    missed_reason = models.CharField(max_length=16, choices=MissedReason.choices, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=16, choices=Contact.choices, blank=True)

    objects: ClassVar[BackCheckQuerySet] = BackCheckQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("window_until", "id")
        indexes = (models.Index(fields=("status", "window_until"), name="back_checks_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("due", "done", "refused", "missed", "cancelled")),
                name="back_checks_status_known",
            ),
            models.CheckConstraint(
                condition=Q(interviewer=None) | ~Q(interviewer=F("first")),
                name="back_checks_by_a_second",
                violation_error_message=_("Whoever asked first does not ask again."),
            ),
            models.CheckConstraint(condition=Q(window_from__lte=F("window_until")), name="back_checks_window_in_order"),
            models.CheckConstraint(
                condition=(Q(status="done", asked_at__isnull=False, interviewer__isnull=False) & ~Q(channel=""))
                | (~Q(status="done") & Q(asked_at=None, channel="")),
                name="back_checks_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="missed") | Q(missed_reason=""), name="back_checks_reason_of_missed"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class BackCheckItem(models.Model):
    """One question asked again: both answers as they stood then; the database lets none be altered.

    An answer is a code or a number; "" where she preferred not to say. `differs` is NULL where one is missing.
    """

    back_check = models.ForeignKey(BackCheck, on_delete=models.PROTECT, related_name="items")
    question = models.CharField(max_length=64)
    kind = models.PositiveSmallIntegerField()
    within = models.PositiveSmallIntegerField()
    first_answer = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=64, blank=True)
    differs = models.BooleanField(null=True)

    class Meta:
        ordering = ("back_check", "question")
        constraints = (
            models.UniqueConstraint(fields=("back_check", "question"), name="back_checks_question_once"),
            models.CheckConstraint(condition=Q(kind__in=(1, 2, 3)), name="back_checks_kind_known"),
            models.CheckConstraint(
                condition=Q(differs=None) | (~Q(answer="") & ~Q(first_answer="")),
                name="back_checks_two_answers_differ",
            ),
        )

    def __str__(self) -> str:
        return f"{self.back_check_id} {self.question}"


class BackCheckTry(models.Model):
    """One try to reach her, within her safe times alone."""

    back_check = models.ForeignKey(BackCheck, on_delete=models.PROTECT, related_name="tries")
    attempted_at = models.DateTimeField()
    channel = models.CharField(max_length=16, choices=Contact.choices)
    outcome = models.CharField(max_length=16, choices=CallAttempt.Outcome.choices)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-attempted_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("back_check", "attempted_at"),
                name="back_checks_one_try_a_moment",
                violation_error_message=_("This attempt is written down already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.back_check_id} {self.pk}"
