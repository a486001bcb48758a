"""Reports as stations received them: who made one lies sealed in its box, under a key of its own."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models.people import Participant
from stations.models import Posting, Station


class IncidentReportQuerySet(models.QuerySet["IncidentReport"]):
    """Reports, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "IncidentReportQuerySet":
        """Those of the station where a supervisor serves today; nobody else's."""
        if user.role != Role.SUPERVISOR:
            return self.none()
        return self.filter(station=Posting.objects.station_of(user))


class IncidentReport(models.Model):
    """A report of partner violence at a station, by a code that tells nothing.

    `first_report` is her earlier one, which alone is screened; `participant` is she, once she is enrolled.
    """

    class Source(models.TextChoices):
        TYPED = "typed", _("Typed")
        FILE = "file", _("From a file")
        API = "api", _("From another system")

    code = models.CharField(max_length=16, unique=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="incident_reports")
    reported_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    first_report = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="further_reports"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="incident_reports"
    )

    objects: ClassVar[IncidentReportQuerySet] = IncidentReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("station", "reported_on"), name="participants_report_at_station"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(source__in=("typed", "file", "api")), name="participants_report_source_known"
            ),
            models.CheckConstraint(
                condition=Q(first_report=None) | ~Q(first_report=F("id")), name="participants_report_follows_another"
            ),
        )

    def __str__(self) -> str:
        return self.code


class ReportBox(models.Model):
    """What a report says of her, sealed with its own data key, and the keyed hashes that find it.

    Both lie under the same master key. Destroying the data key erases the report's identities, hashes included.
    """

    report = models.OneToOneField(IncidentReport, on_delete=models.PROTECT, related_name="box")
    master_key_id = models.CharField(max_length=32)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    ciphertext = models.BinaryField()
    number_digest = models.BinaryField(max_length=32, null=True)
    document_digest = models.BinaryField(max_length=32, null=True)
    name_digest = models.BinaryField(max_length=32, null=True)
    telephone_digest = models.BinaryField(max_length=32, null=True)
    household_digest = models.BinaryField(max_length=32, null=True)
    aggressor_document_digest = models.BinaryField(max_length=32, null=True)
    aggressor_name_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        ordering = ("report",)
        indexes = (
            models.Index(fields=("document_digest",), name="participants_box_document"),
            models.Index(fields=("name_digest", "telephone_digest"), name="participants_box_person"),
            models.Index(fields=("household_digest",), name="participants_box_household"),
        )
        constraints = (
            # The digest binds the station.
            models.UniqueConstraint(
                fields=("number_digest",),
                name="participants_report_number_once",
                violation_error_message=_("This report is already here."),
            ),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, number_digest__isnull=False, destroyed_at=None)
                | Q(
                    wrapped=None,
                    destroyed_at__isnull=False,
                    number_digest=None,
                    document_digest=None,
                    name_digest=None,
                    telephone_digest=None,
                    household_digest=None,
                    aggressor_document_digest=None,
                    aggressor_name_digest=None,
                ),
                name="participants_report_box_or_destroyed",
            ),
        )

    def __str__(self) -> str:
        return str(self.report_id)
