"""Reports at the stations."""

from django.db import models

from participants.models.intake import IncidentReport
from participants.models.people import Participant


class PoliceReport(models.Model):
    """A report at a station after enrolment: police-recorded, kept apart from what surveys measure."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="police_reports")
    reported_on = models.DateField()
    report = models.OneToOneField(
        IncidentReport, on_delete=models.PROTECT, null=True, blank=True, related_name="police_report"
    )

    class Meta:
        ordering = ("participant", "reported_on", "id")
        indexes = (models.Index(fields=("participant", "reported_on"), name="participants_report_by_day"),)

    def __str__(self) -> str:
        return f"{self.participant_id} {self.reported_on}"
