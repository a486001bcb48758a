"""What is offered to officers and interviewers after something hard, and what they answer: theirs alone to read."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class DebriefQuerySet(models.QuerySet["Debrief"]):
    """Offers, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "DebriefQuerySet":
        """Her own; nobody else's, whatever her role."""
        return self.filter(person=user)

    def waiting(self) -> "DebriefQuerySet":
        return self.filter(answered_at=None)


class Debrief(models.Model):
    """Once somebody met something hard: how she is, if she wants to say; codes, and none of the woman's."""

    class Occasion(models.TextChoices):
        VISIT = "visit", _("A visit")
        TALK = "talk", _("A conversation")

    class Cause(models.TextChoices):
        UNSAFE = "unsafe", _("It was not safe")
        ABORTED = "aborted", _("It had to be broken off")
        INCIDENT = "incident", _("Something had happened to her")
        CHILD = "child", _("A child was in danger")
        OWN = "own", _("It was hard for me")

    class Feeling(models.TextChoices):
        WELL = "well", _("I am well")
        TIRED = "tired", _("I am tired")
        SHAKEN = "shaken", _("It goes on in my head, or I sleep badly")
        NEEDS_HELP = "needs_help", _("I need to talk to somebody")
        NOT_NOW = "not_now", _("I would rather not say")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="debriefs")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    # Of a room above: keeps the same visit from being offered twice. "" where she asked for it herself.
    source_id = models.CharField(max_length=40, blank=True)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    feeling = models.CharField(max_length=16, choices=Feeling.choices, blank=True)

    objects: ClassVar[DebriefQuerySet] = DebriefQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-offered_at", "-id")
        indexes = (models.Index(fields=("person", "offered_at"), name="care_debrief_by_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "occasion", "source_id"),
                condition=~Q(source_id=""),
                name="care_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, feeling="") | (Q(answered_at__gte=F("offered_at")) & ~Q(feeling="")),
                name="care_answered_with_a_code",
                violation_error_message=_("Say how you are."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
