"""How her status changed: a row for each change, never changed itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.people import Participant


class StatusChangeQuerySet(models.QuerySet["StatusChange"]):
    """Changes of status."""

    def latest_pauses(self) -> "StatusChangeQuerySet":
        """Those by which women rest now: of each, the last word about her pause."""
        later = StatusChange.objects.filter(participant=models.OuterRef("participant"), pk__gt=models.OuterRef("pk"))
        resting = self.filter(participant__status=Participant.Status.PAUSED, to_status=Participant.Status.PAUSED)
        return resting.exclude(models.Exists(later))


class StatusChange(models.Model):
    """One change of a woman's status, or of the day on which she means to return; the database lets none be altered.

    `from_status` is "" where she was enrolled, `reason` "" where none was kept.
    """

    class Reason(models.TextChoices):
        """Codes, not free text: what somebody would write could name her."""

        ENROLLED = "enrolled", _("Enrolment")
        SAFETY = "safety", _("Safety")
        TRAVEL = "travel", _("Travel")
        HEALTH = "health", _("Health")
        OTHER = "other", _("Another reason")
        RETURNED = "returned", _("She is back")
        MOVED = "moved", _("Change of address")
        NOT_FOUND = "not_found", _("Not found in spite of several attempts")
        DECEASED = "deceased", _("She has died")
        END = "end", _("End of follow-up")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="status_changes")
    from_status = models.CharField(max_length=16, choices=Participant.Status.choices, blank=True)
    to_status = models.CharField(max_length=16, choices=Participant.Status.choices)
    reason = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expected_return_on = models.DateField(null=True, blank=True)

    objects: ClassVar[StatusChangeQuerySet] = StatusChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("participant", "at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(to_status__in=Participant.Status.values), name="participants_change_to_known_status"
            ),
            models.CheckConstraint(
                condition=Q(expected_return_on=None) | Q(to_status="paused"),
                name="participants_return_day_of_a_pause",
                violation_error_message=_("Only a pause has a day of return."),
            ),
            models.CheckConstraint(
                condition=~Q(to_status=models.F("from_status")) | Q(to_status="paused"),
                name="participants_change_changes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.to_status}"
