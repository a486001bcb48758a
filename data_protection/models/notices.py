"""What the desk, the safety officer and the board are to hear of: sent as a text that says nothing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from data_protection.models.incidents import DataIncident
from data_protection.models.requests import DataRequest


class DeskNotice(models.Model):
    """One thing to be told once: raised where it is known, sent by a task, never twice for the same cause."""

    class Kind(models.TextChoices):
        INCIDENT_OPENED = "incident_opened", _("New incident")
        INCIDENT_REMINDER = "incident_reminder", _("An incident waits for the authority to be told")
        INCIDENT_OVERDUE = "incident_overdue", _("The authority was not told in time")
        REQUEST_DUE = "request_due", _("A request is to be answered soon")
        REQUEST_OVERDUE = "request_overdue", _("A request was not answered in time")

    kind = models.CharField(max_length=24, choices=Kind.choices)
    incident = models.ForeignKey(DataIncident, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    # The term that it is about: after an extension there is another.
    due_on = models.DateField(null=True, blank=True)
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at", "-id")
        indexes = (models.Index(fields=("raised_at",), condition=Q(sent_at=None), name="data_protection_unsent"),)
        constraints = (
            models.UniqueConstraint(fields=("kind", "incident"), name="data_protection_incident_told_once"),
            models.UniqueConstraint(fields=("kind", "request", "due_on"), name="data_protection_term_told_once"),
            models.CheckConstraint(
                condition=Q(incident__isnull=False, request=None, due_on=None)
                | Q(incident=None, request__isnull=False, due_on__isnull=False),
                name="data_protection_notice_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
