"""Training sessions at stations, planned and held, and who attended which module."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from stations.models import Officer, Station


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by what became of them."""

    def standing(self) -> "SessionQuerySet":
        """Those planned or held, not withdrawn."""
        return self.exclude(status=Session.Status.WITHDRAWN)

    def held(self) -> "SessionQuerySet":
        """Those that took place."""
        return self.filter(status=Session.Status.HELD)


class Session(models.Model):
    """One session at one station, of one module or several. `modules` are numbers of the protocol, rising."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("For everybody")
        CATCH_UP = "catch_up", _("Catch-up")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="training_sessions")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.REGULAR)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PLANNED)
    modules = ArrayField(models.PositiveSmallIntegerField())
    # The day it is to be held, then the day it was; the time is null where a list gave the day alone.
    held_on = models.DateField()
    start_time = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    trainers = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    deviation_reason = models.TextField(blank=True)
    withdrawal_reason = models.TextField(blank=True)
    # Counts what was written: whoever saves from an older page is told.
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("held_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("regular", "catch_up"), status__in=("planned", "held", "withdrawn")),
                name="training_session_kind_and_status_known",
            ),
            models.CheckConstraint(condition=Q(modules__len__gt=0), name="training_session_has_module"),
            models.CheckConstraint(
                condition=(Q(status="withdrawn") & ~Q(withdrawal_reason=""))
                | (~Q(status="withdrawn") & Q(withdrawal_reason="")),
                name="training_session_withdrawn_has_reason",
            ),
            models.UniqueConstraint(
                fields=("station", "held_on", "start_time"),
                condition=~Q(status="withdrawn"),
                name="training_session_once_at_a_time",
                violation_error_message=_("There is a session at this station at that day and hour already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on} {self.kind}"

    @property
    def is_deviation(self) -> bool:
        return bool(self.deviation_reason)


class Attendance(models.Model):
    """An officer on the roster of a session, for one module, with the knowledge test before and after (0–100)."""

    class Absence(models.TextChoices):
        ON_DUTY = "on_duty", _("On duty")
        ON_LEAVE = "on_leave", _("On leave")
        ILL = "ill", _("Ill")
        OTHER = "other", _("Another reason")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="attendances")
    module = models.PositiveSmallIntegerField()
    came = models.BooleanField()
    minutes_late = models.PositiveSmallIntegerField(default=0)
    absence = models.CharField(max_length=16, choices=Absence.choices, blank=True)
    # Whether she attended the module, by the delay that the protocol allowed when it was written down.
    counts = models.BooleanField()
    score_before = models.PositiveSmallIntegerField(null=True, blank=True)
    score_after = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("session", "module", "officer")
        constraints = (
            models.UniqueConstraint(fields=("session", "officer", "module"), name="training_attended_once"),
            models.CheckConstraint(
                condition=(Q(came=True) & Q(absence=""))
                | Q(came=False, counts=False, minutes_late=0, score_before=None, score_after=None),
                name="training_absent_has_no_more",
            ),
            models.CheckConstraint(
                condition=Q(absence__in=("", "on_duty", "on_leave", "ill", "other")),
                name="training_absence_known",
            ),
            models.CheckConstraint(
                condition=(Q(score_before=None) | Q(score_before__lte=100))
                & (Q(score_after=None) | Q(score_after__lte=100)),
                name="training_scores_to_100",
                violation_error_message=_("A score lies between 0 and 100."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.officer_id} {self.module}"


class Certificate(models.Model):
    """What an officer was handed for a module that she attended; `code` is printed on it, and checked by a page."""

    attendance = models.OneToOneField(Attendance, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=16, unique=True)
    hours = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z2-7]{16}$"), name="training_certificate_code_shape"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_valid(self) -> bool:
        """Say whether it still holds: its session was not withdrawn, nor her attendance corrected."""
        return self.attendance.counts and self.attendance.session.status == Session.Status.HELD
