"""Women by study code, and how they can be reached; nothing here names them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from participants.safe_contact import SafeContact
from stations.models import Posting, Station


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Women, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "ParticipantQuerySet":
        """Those whom a person may know of: police by today's posting, interviewers by assignment, others nobody."""
        if user.role in POLICE_ROLES:
            return self.filter(station=Posting.objects.station_of(user))
        if user.role == Role.INTERVIEWER:
            return self.filter(interviewer=user)
        return self.none()

    def in_follow_up(self) -> "ParticipantQuerySet":
        return self.filter(status=Participant.Status.ENROLLED)


class Participant(models.Model):
    """A woman enrolled at a station: the station of enrolment decides the arm for ever (intention to treat)."""

    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled")
        PAUSED = "paused", _("Paused")
        MOVED = "moved", _("Moved away")
        LOST = "lost", _("Lost to follow-up")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECEASED = "deceased", _("Deceased")
        COMPLETED = "completed", _("Completed")

    study_code = models.CharField(max_length=16, unique=True)
    # Who cares for her now; and where she was enrolled, which never changes and alone decides how she is analysed.
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="participants")
    enrolled_station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="enrolled_participants")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ENROLLED)
    status_changed_at = models.DateTimeField()
    enrolled_on = models.DateField()
    interviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_participants"
    )
    age_at_enrolment = models.PositiveSmallIntegerField()
    data_erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ParticipantQuerySet] = ParticipantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("study_code",)
        indexes = (models.Index(fields=("station", "status"), name="participants_station_status"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    status__in=("enrolled", "paused", "moved", "lost", "withdrawn", "deceased", "completed"),
                ),
                name="participants_status_known",
            ),
            models.CheckConstraint(
                condition=Q(age_at_enrolment__range=(18, 110)),
                name="participants_adult",
                violation_error_message=_("Only women of 18 years or more can take part."),
            ),
        )

    def __str__(self) -> str:
        return self.study_code


class SafeContactPlan(models.Model):
    """When and how she can be reached safely. What could name her or her home lies in the sealed card instead."""

    class Channel(models.TextChoices):
        VISIT = "visit", _("Visit only")
        CALL = "call", _("Call")
        MESSAGE = "message", _("Message")

    class Language(models.TextChoices):
        SPANISH = "es", _("Spanish")
        ENGLISH = "en", _("English")

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="safe_contact")
    # ISO weekdays: 1 Monday … 7 Sunday.
    safe_weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    safe_from = models.TimeField()
    safe_until = models.TimeField()
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.VISIT)
    # In which messages are written.
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.SPANISH)
    reviewed_at = models.DateTimeField()
    # Since when a review is wanted before its time: something happened to her, or another station cares for her.
    review_wanted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("participant",)
        constraints = (
            models.CheckConstraint(
                condition=Q(safe_until__gt=F("safe_from")),
                name="participants_safe_hours_in_order",
                violation_error_message=_("The safe hours must end after they begin."),
            ),
            models.CheckConstraint(
                condition=Q(safe_weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="participants_safe_weekdays_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.participant_id)

    @property
    def times(self) -> SafeContact:
        """Return the plan as the rule of safe contact takes it."""
        return SafeContact(tuple(self.safe_weekdays), self.safe_from, self.safe_until, self.channel, self.language)
