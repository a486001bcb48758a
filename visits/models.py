"""Weekly plans with their history, the visits they plan, and what officers logged."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import POLICE_ROLES
from participants.models import Participant
from stations.models import Posting, Station
from visits import log_fields
from visits.log_fields import IncidentType, NextContact, Present, Reason


class WeekPlan(models.Model):
    """How many visits a woman is due in a week, and why; a new revision supersedes, nothing is overwritten."""

    class Reason(models.TextChoices):
        WEEKLY = "weekly", _("Weekly plan")
        LEVEL_CHANGED = "level_changed", _("The level changed")
        SAFE_TIMES_CHANGED = "safe_times_changed", _("The safe times changed")
        STATUS_CHANGED = "status_changed", _("The status changed")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="week_plans")
    monday = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    target = models.PositiveSmallIntegerField()
    shortfall = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=32, choices=Reason.choices)
    planned_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("participant", "monday", "revision")
        indexes = (models.Index(fields=("monday", "participant"), name="visits_plan_by_week"),)
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "monday"),
                condition=Q(superseded_at=None),
                name="visits_one_current_plan_a_week",
            ),
            models.UniqueConstraint(fields=("participant", "monday", "revision"), name="visits_plan_revision_once"),
            models.CheckConstraint(condition=Q(target__lte=7), name="visits_target_to_seven"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="visits_week_starts_monday"),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.monday}"


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "VisitQuerySet":
        """Those of the station where an officer or supervisor serves today; nobody else's list."""
        if user.role not in POLICE_ROLES:
            return self.none()
        return self.filter(station__in=Posting.objects.serving().filter(officer__user=user).values("station"))


class Visit(models.Model):
    """One visit planned for a day. Its station is kept beside it: the officer's list is one index scan."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        ATTEMPTED = "attempted", _("Attempted")
        MISSED = "missed", _("Missed")
        SUPERSEDED = "superseded", _("Re-planned")

    class MissedReason(models.TextChoices):
        """Codes, not free text: what a supervisor would write could name somebody."""

        NO_STAFF = "no_staff", _("Nobody was available")
        EMERGENCY = "emergency", _("An emergency came first")
        NO_TRANSPORT = "no_transport", _("There was no transport")
        SHIFT_CHANGE = "shift_change", _("The shift changed and nobody took over")
        NOT_SAFE = "not_safe", _("It was not safe to go")
        SHE_ASKED = "she_asked", _("She asked not to come that day")
        NOT_WRITTEN = "not_written", _("The visit took place and was not written down")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(WeekPlan, on_delete=models.PROTECT, related_name="visits")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="visits")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="visits")
    planned_on = models.DateField()
    window_from = models.TimeField()
    window_until = models.TimeField()
    grace_ends_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PLANNED)
    status_changed_at = models.DateTimeField()
    missed_reason = models.TextField(blank=True)
    missed_explained_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("planned_on", "window_from", "id")
        indexes = (
            models.Index(fields=("station", "planned_on"), name="visits_station_day"),
            models.Index(fields=("participant", "planned_on"), name="visits_participant_day"),
            models.Index(fields=("grace_ends_at",), condition=Q(status="planned"), name="visits_awaiting_log"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("planned", "done", "attempted", "missed", "superseded")),
                name="visits_status_known",
            ),
            models.UniqueConstraint(
                fields=("participant", "planned_on"),
                condition=~Q(status="superseded"),
                name="visits_one_a_day",
                violation_error_message=_("There is already a visit planned that day."),
            ),
            models.CheckConstraint(
                condition=Q(window_until__gt=models.F("window_from")), name="visits_window_in_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class VisitLog(models.Model):
    """What happened at a visit, as the officer logged it. The identifier is made where it was written."""

    Outcome = log_fields.Outcome
    Answer = log_fields.Answer

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="log")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content_sha256 = models.CharField(max_length=64, blank=True)
    # What is asked, when, and of which choices: `log_fields`.
    reason = models.CharField(max_length=32, choices=Reason.choices, blank=True)
    safety_concern = models.BooleanField(default=False)
    in_private = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    present = ArrayField(models.CharField(max_length=16, choices=Present.choices), default=list, blank=True)
    new_incident = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    incident_type = models.CharField(max_length=16, choices=IncidentType.choices, blank=True)
    incident_on = models.DateField(null=True, blank=True)
    incident_injury = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    incident_weapon = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    measures_obeyed = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    referral_offered = models.BooleanField(default=False)
    next_contact = models.CharField(max_length=8, choices=NextContact.choices, blank=True)
    next_contact_on = models.DateField(null=True, blank=True)
    next_contact_from = models.TimeField(null=True, blank=True)
    next_contact_until = models.TimeField(null=True, blank=True)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("received_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=("met", "nobody_home", "moved", "refused", "unsafe", "aborted")),
                name="visits_outcome_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
