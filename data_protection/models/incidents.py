"""Incidents with data: codes and moments only, so that nothing here can name anybody. Nothing deletes one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from data_protection import telling
from participants.models import Participant


class Category(models.TextChoices):
    """The kinds of data that the study holds, as the register and the notices name them."""

    IDENTITY = "identity", _("Names and documents")
    CONTACT = "contact", _("Addresses and telephones")
    SAFE_CONTACT = "safe_contact", _("When and how somebody can be reached")
    VISITS = "visits", _("Dates and notes of visits")
    ASSESSMENTS = "assessments", _("Assessments")
    SURVEYS = "surveys", _("Answers to surveys and interviews")
    REPORTS = "reports", _("Reports received")
    STAFF = "staff", _("Data of the staff")


class DataIncident(models.Model):
    """One incident and its clock: from `discovered_at` the authority is told by `due_at`."""

    class Kind(models.TextChoices):
        LOST_DEVICE = "lost_device", _("Lost or stolen phone or computer")
        WRONG_RECIPIENT = "wrong_recipient", _("Sent to the wrong person")
        UNAUTHORISED_ACCESS = "unauthorised_access", _("Seen by somebody who may not")
        SYSTEM_BREACH = "system_breach", _("Break into the system")
        PAPER_LOST = "paper_lost", _("Lost paper")
        OTHER = "other", _("Another incident")

    class Severity(models.TextChoices):
        LOW = "low", _("Low: nobody is likely to come to harm")
        MEDIUM = "medium", _("Medium: somebody could come to harm")
        HIGH = "high", _("High: somebody may be in danger")

    class Status(models.TextChoices):
        OPEN = "open", _("To be told to the authority")
        NOTIFIED = "notified", _("Told to the authority")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        FOUND_UNTOUCHED = "found_untouched", _("Found again, nobody had used it")
        FOUND = "found", _("Found again, somebody may have used it")
        NOT_FOUND = "not_found", _("Not found")
        CONTAINED = "contained", _("Stopped, and its cause removed")
        FALSE_ALARM = "false_alarm", _("It was no incident")

    class NotNotified(models.TextChoices):
        NO_EXPOSURE = "no_exposure", _("No personal data could be seen")
        FALSE_ALARM = "false_alarm", _("It was no incident")

    kind = models.CharField(max_length=24, choices=Kind.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    categories = ArrayField(models.CharField(max_length=16, choices=Category.choices))
    # Whose device it was: of lost devices only.
    account = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    occurred_at = models.DateTimeField(null=True, blank=True)
    discovered_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    notified_at = models.DateTimeField(null=True, blank=True)
    notified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authority_reference = models.CharField(max_length=40, blank=True)
    not_notified_reason = models.CharField(max_length=16, choices=NotNotified.choices, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-reported_at", "-id")
        indexes = (models.Index(fields=("due_at",), condition=Q(status="open"), name="data_protection_clock"),)
        constraints = (
            models.UniqueConstraint(
                fields=("account",),
                condition=Q(kind="lost_device") & ~Q(status="closed"),
                name="data_protection_one_lost_device",
                violation_error_message=_("This is reported already."),
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("discovered_at")) & Q(discovered_at__lte=F("reported_at")),
                name="data_protection_incident_in_order",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None, authority_reference="", notified_by=None)
                | (Q(notified_at__isnull=False, notified_by__isnull=False) & ~Q(authority_reference="")),
                name="data_protection_notified_whole",
                violation_error_message=_("Write the number that the authority gave."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", notified_at=None, closed_at=None, outcome="")
                | Q(status="notified", notified_at__isnull=False, closed_at=None, outcome="")
                | (Q(status="closed", closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="data_protection_incident_as_its_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(notified_at__isnull=False) | ~Q(not_notified_reason=""),
                name="data_protection_closed_told_or_why_not",
                violation_error_message=_("Tell the authority first, or say why it need not be told."),
            ),
        )

    def __str__(self) -> str:
        return f"I-{self.pk:04d}"


class IncidentWoman(models.Model):
    """A woman whose data an incident concerns: how, and whether she was told, or why not."""

    class How(models.TextChoices):
        PHONE = "phone", _("Her card lay on the telephone")
        CARD = "card", _("Her card was opened on it")
        LIST = "list", _("She stood on its list of visits")
        FILE = "file", _("She stood in a file")
        MESSAGE = "message", _("A message spoke of her")
        PAPER = "paper", _("A paper spoke of her")
        OTHER = "other", _("In another way")

    class Way(models.TextChoices):
        IN_PERSON = telling.IN_PERSON, _("In person, alone with her")
        CALL = telling.CALL, _("By telephone")
        MESSAGE = telling.MESSAGE, _("By a message that she asked for")

    class NotTold(models.TextChoices):
        NOT_SAFE = "not_safe", _("Telling her now would put her in danger")
        NOT_REACHED = "not_reached", _("She could not be reached safely")
        LEFT = "left", _("She has left and did not want to be contacted")
        DIED = "died", _("She has died")
        ERASED = "erased", _("Nothing tells any more who she is")
        NO_HARM = "no_harm", _("Her data were not seen by anybody")

    incident = models.ForeignKey(DataIncident, on_delete=models.PROTECT, related_name="women")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="data_incidents")
    how = models.CharField(max_length=16, choices=How.choices)
    added_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_how = models.CharField(max_length=16, choices=Way.choices, blank=True)
    not_told_reason = models.CharField(max_length=16, choices=NotTold.choices, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("incident", "participant")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "participant"),
                name="data_protection_woman_once",
                violation_error_message=_("She is on the list already."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(told_at=None, told_how="") | (Q(told_at__isnull=False, not_told_reason="") & ~Q(told_how=""))
                ),
                name="data_protection_told_or_why_not",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_settled(self) -> bool:
        return self.told_at is not None or self.not_told_reason != ""


class IncidentMeasure(models.Model):
    """One thing that was done about an incident."""

    class Measure(models.TextChoices):
        SESSIONS_ENDED = "sessions_ended", _("All sessions of the account were ended and its password taken away")
        DEVICE_BLOCKED = "device_blocked", _("The device or its number was blocked by the provider")
        COPIES_RECOVERED = "copies_recovered", _("The copies were recovered or destroyed")
        RECIPIENT_ASKED = "recipient_asked", _("Whoever received it confirmed having deleted it")
        PLANS_CHANGED = "plans_changed", _("Visits and code words were changed")
        LOSS_REPORTED = "loss_reported", _("The loss was reported at a station")
        HOLE_CLOSED = "hole_closed", _("The way in was closed")
        STAFF_INSTRUCTED = "staff_instructed", _("The staff was instructed again")

    incident = models.ForeignKey(DataIncident, on_delete=models.PROTECT, related_name="measures")
    measure = models.CharField(max_length=24, choices=Measure.choices)
    taken_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("incident", "taken_at", "id")

    def __str__(self) -> str:
        return str(self.pk)
