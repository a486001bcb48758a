"""Queries about data: what the server found amiss in a submission, asked of whoever took it, and settled."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from surveys.models.cases import Submission


class DataQueryQuerySet(models.QuerySet["DataQuery"]):
    """Queries, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "DataQueryQuerySet":
        """An interviewer's about what she took, an administrator's all; nobody else's."""
        if user.role == Role.INTERVIEWER:
            return self.filter(submission__submitted_by=user)
        return self.all() if user.role == Role.ADMINISTRATOR else self.none()


class DataQuery(models.Model):
    """One rule that one answer breaks, and what was said of it: never the answer itself."""

    class Status(models.TextChoices):
        OPEN = "open", _("To explain")
        ANSWERED = "answered", _("Explained")
        CLOSED = "closed", _("Settled")

    class Breach(models.TextChoices):
        REQUIRED = "required", _("An answer is missing")
        NOT_ASKED = "not_asked", _("Answered though it was not to be asked")
        CONSTRAINT = "constraint", _("Outside what the question allows")
        TYPE = "type", _("Not of the question’s kind")
        CHOICE = "choice", _("None of the choices")
        CALCULATION = "calculation", _("Calculated differently")
        UNKNOWN = "unknown", _("No question of this questionnaire")

    class Explanation(models.TextChoices):
        STANDS = "stands", _("It is as she said it")
        SLIP = "slip", _("A slip while writing")
        PREFERRED_NOT = "preferred_not", _("She preferred not to answer")
        BROKEN_OFF = "broken_off", _("The conversation was broken off")
        DEVICE = "device", _("The device did not ask it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="queries")
    # Of the question, with the number of each repeat around it: /data/kid[2]/age.
    place = models.CharField(max_length=250)
    breach = models.CharField(max_length=16, choices=Breach.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    explanation = models.CharField(max_length=16, choices=Explanation.choices, blank=True)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[DataQueryQuerySet] = DataQueryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("opened_at", "place", "id")
        indexes = (models.Index(fields=("status", "opened_at"), name="surveys_query_open"),)
        constraints = (
            models.UniqueConstraint(fields=("submission", "place", "breach"), name="surveys_query_once"),
            models.CheckConstraint(
                condition=Q(status="answered", answered_at__isnull=False, closed_at=None)
                | Q(status="open", closed_at=None)
                | Q(status="closed", closed_at__isnull=False),
                name="surveys_query_status_dated",
                violation_error_message=_("A query that was answered or closed has its day."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
