"""Weekly plans with their history, the visits they plan, and what officers logged."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import POLICE_ROLES
from participants.models import Participant
from stations.models import Officer, Posting, Station
from visits import log_fields
from visits.log_fields import IncidentType, NextContact, Present, Reason
from visits.log_judgement import Breach
from visits.models.devices import Device, SealingKey
from visits.models.station_week import Absence, Shift, StationDigest, VisitChange

__all__ = [
    "Absence",
    "Device",
    "LogConflict",
    "LogConflictQuerySet",
    "SealingKey",
    "Shift",
    "StationDigest",
    "Visit",
    "VisitChange",
    "VisitLog",
    "VisitLogQuerySet",
    "VisitQuerySet",
    "WeekPlan",
]


class WeekPlan(models.Model):
    """How many visits a woman is due in a week, and why; a new revision supersedes, nothing is overwritten."""

    class Reason(models.TextChoices):
        WEEKLY = "weekly", _("Weekly plan")
        LEVEL_CHANGED = "level_changed", _("The level changed")
        SAFE_TIMES_CHANGED = "safe_times_changed", _("The safe times changed")
        STATUS_CHANGED = "status_changed", _("The status changed")
        STATION_CHANGED = "station_changed", _("Another station cares for her")

    # No index of its own: one that begins with it serves, here as below.
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="week_plans", db_index=False)
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
        """Those of the station where an officer or supervisor serves today, while it cares for the woman."""
        return self.loggable_by(user).filter(participant__station=models.F("station"))

    def loggable_by(self, user: User) -> "VisitQuerySet":
        """Those of her station, of women who went over to another too: nothing that was met there is dropped."""
        if user.role not in POLICE_ROLES:
            return self.none()
        return self.filter(station=Posting.objects.station_of(user))


class Visit(models.Model):
    """One visit planned for a day. Its station is kept beside it: the officer's list is one index scan.

    Who goes stands in the order of the officers' ids; nobody while there were no hands.
    """

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
        # Nobody chooses it: whoever could explain the visit no longer cares for her.
        HANDED_OVER = "handed_over", _("She went over to another station before anybody wrote why")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(WeekPlan, on_delete=models.PROTECT, related_name="visits")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="visits", db_index=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="visits", db_index=False)
    planned_on = models.DateField()
    window_from = models.TimeField()
    window_until = models.TimeField()
    grace_ends_at = models.DateTimeField()
    first_officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    second_officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Chosen by a supervisor: they stay as long as they can go, and the day as long as she can be visited on it.
    officers_chosen = models.BooleanField(default=False)
    day_chosen = models.BooleanField(default=False)
    # When a missed visit without its reason was told to the supervisor, and to safety.
    escalated_at = models.DateTimeField(null=True, blank=True)
    safety_told_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PLANNED)
    status_changed_at = models.DateTimeField()
    missed_reason = models.TextField(blank=True)
    # Accounts are ended, never deleted: nobody looks visits up by them.
    missed_explained_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Took place beside the plan: a second visit of a day, or one that was re-planned while a phone had no signal.
    is_unplanned = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("planned_on", "window_from", "id")
        indexes = (
            models.Index(fields=("station", "planned_on"), name="visits_station_day"),
            models.Index(fields=("participant", "planned_on"), name="visits_participant_day"),
            models.Index(fields=("grace_ends_at",), condition=Q(status="planned"), name="visits_awaiting_log"),
            models.Index(
                fields=("planned_on", "station"),
                condition=Q(status="planned", first_officer=None),
                name="visits_without_officers",
            ),
            models.Index(
                fields=("station", "planned_on"),
                condition=Q(status="missed", missed_reason=""),
                name="visits_unexplained",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("planned", "done", "attempted", "missed", "superseded")),
                name="visits_status_known",
            ),
            models.UniqueConstraint(
                fields=("participant", "planned_on"),
                condition=~Q(status="superseded") & Q(is_unplanned=False),
                name="visits_one_a_day",
                violation_error_message=_("There is already a visit planned that day."),
            ),
            models.CheckConstraint(
                condition=Q(window_until__gt=models.F("window_from")), name="visits_window_in_order"
            ),
            models.CheckConstraint(
                condition=Q(second_officer=None) | Q(second_officer__gt=F("first_officer")),
                name="visits_officers_in_order",
                violation_error_message=_("Two different officers go."),
            ),
            models.CheckConstraint(
                condition=Q(safety_told_at=None) | Q(escalated_at__isnull=False), name="visits_supervisor_told_first"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def officer_ids(self) -> tuple[int, ...]:
        """Return the ids of those who go, in order."""
        return tuple(pk for pk in (self.first_officer_id, self.second_officer_id) if pk is not None)


class VisitLogQuerySet(models.QuerySet["VisitLog"]):
    """Logs, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "VisitLogQuerySet":
        """Those of the visits that she may see."""
        return self.filter(visit__in=Visit.objects.visible_to(user))


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
    child_in_danger = models.BooleanField(default=False)
    referral_offered = models.BooleanField(default=False)
    next_contact = models.CharField(max_length=8, choices=NextContact.choices, blank=True)
    next_contact_on = models.DateField(null=True, blank=True)
    next_contact_from = models.TimeField(null=True, blank=True)
    next_contact_until = models.TimeField(null=True, blank=True)
    # Free text may identify: sealed with the woman's own key.
    sealed_note = models.BinaryField(null=True, blank=True)
    # Rules that a log from a phone breaks and that do not keep it out; and by how much that phone's clock was ahead.
    breaches = ArrayField(models.CharField(max_length=16, choices=Breach.choices), default=list, blank=True)
    clock_skew_s = models.IntegerField(null=True, blank=True)

    objects: ClassVar[VisitLogQuerySet] = VisitLogQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("received_at", "id")
        indexes = (
            models.Index(fields=("received_at",), condition=~Q(breaches=[]), name="visits_log_with_breaches"),
            # Programs read the newest first.
            models.Index(fields=("received_at", "id"), name="visits_log_received"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=("met", "nobody_home", "moved", "refused", "unsafe", "aborted")),
                name="visits_outcome_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class LogConflictQuerySet(models.QuerySet["LogConflict"]):
    """Conflicts, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "LogConflictQuerySet":
        """Those of women whom her station cares for now, of visits made while another one did too."""
        if user.role not in POLICE_ROLES:
            return self.none()
        return self.filter(visit__participant__in=Participant.objects.visible_to(user))

    def undecided(self) -> "LogConflictQuerySet":
        return self.filter(decided_at=None)


class LogConflict(models.Model):
    """Two logs of one visit, or one log sent with two contents: both whole, until and after a supervisor decides."""

    class Decision(models.TextChoices):
        FIRST = "first", _("The first stands")
        SECOND = "second", _("The second stands")
        BOTH = "both", _("Both took place")

    class Correction(models.TextChoices):
        SLIP = "slip", _("A slip while writing")
        MISHEARD = "misheard", _("She was misunderstood")
        OTHER_VISIT = "other_visit", _("It was about another visit")
        SHE_ASKED = "she_asked", _("She asked to have it corrected")
        QUERY = "query", _("In answer to a query")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="conflicts")
    log = models.ForeignKey(VisitLog, on_delete=models.PROTECT, related_name="conflicts")
    # As `log_content` writes them, without the note.
    first = models.JSONField()
    first_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_sealed_note = models.BinaryField(null=True, blank=True)
    first_sha256 = models.CharField(max_length=64)
    # Nobody kept it before there was this column.
    first_received_at = models.DateTimeField(null=True, blank=True)
    second = models.JSONField()
    second_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second_sealed_note = models.BinaryField(null=True, blank=True)
    second_id = models.UUIDField()
    second_sha256 = models.CharField(max_length=64)
    # Why, where the second corrects the first; empty where two logs met.
    correction = models.CharField(max_length=16, choices=Correction.choices, blank=True)
    breaches = ArrayField(models.CharField(max_length=16, choices=Breach.choices), default=list, blank=True)
    clock_skew_s = models.IntegerField(null=True, blank=True)
    received_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[LogConflictQuerySet] = LogConflictQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("received_at", "id")
        indexes = (models.Index(fields=("received_at",), condition=Q(decided_at=None), name="visits_conflict_open"),)
        constraints = (
            models.UniqueConstraint(
                fields=("second_id", "second_sha256"),
                name="visits_conflict_once",
                violation_error_message=_("This log is kept already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="", decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, decision__in=("first", "second", "both")),
                name="visits_conflict_decided_by_somebody",
                violation_error_message=_("Say which log stands."),
            ),
            models.CheckConstraint(
                condition=Q(correction__in=("", "slip", "misheard", "other_visit", "she_asked", "query")),
                name="visits_correction_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def participant(self) -> Participant:
        """Return the woman whom both logs are of."""
        return self.visit.participant
