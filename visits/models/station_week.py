"""A station's week beside its visits: when officers are there, what was changed by hand, its morning in counts."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.absences import DaysAway
from accounts.models import User
from participants.models import Participant
from stations.models import DateRange, Officer, Station


class Shift(models.Model):
    """On which weekdays and between which hours an officer goes on visits, and on how many a day at most."""

    officer = models.OneToOneField(Officer, on_delete=models.PROTECT, related_name="shift")
    # ISO: 1 Monday … 7 Sunday
    weekdays = ArrayField(models.PositiveSmallIntegerField(), size=7)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    visits_a_day = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("officer",)
        constraints = (
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="visits_shift_weekdays_iso"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="visits_shift_hours_in_order",
                violation_error_message=_("The shift must end after it begins."),
            ),
            models.CheckConstraint(condition=Q(visits_a_day__lte=40), name="visits_shift_to_forty_a_day"),
        )

    def __str__(self) -> str:
        return str(self.officer_id)


class Absence(DaysAway):
    """Days on which an officer goes on no visit; without a last day, until somebody says so. Never deleted."""

    class Reason(models.TextChoices):
        """Codes, not free text: what ails an officer is hers."""

        LEAVE = "leave", _("Leave")
        HEALTH = "health", _("Health")
        COURSE = "course", _("Course")
        OTHER_DUTY = "other_duty", _("Another duty")

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="absences")
    reason = models.CharField(max_length=16, choices=Reason.choices)

    class Meta(DaysAway.Meta):
        constraints = (
            *DaysAway.Meta.constraints,
            ExclusionConstraint(
                name="visits_absence_one_at_a_time",
                expressions=(
                    ("officer", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ),
                condition=Q(withdrawn_at=None),
                violation_error_message=_("She is away in that time already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.starts_on}"


class VisitChange(models.Model):
    """What a supervisor changed of a visit: its day or its officers, from what to what, why; kept when undone."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        ADDED = "added", _("Agreed")
        HANDED_OVER = "handed_over", _("Other officers")
        CHOSEN = "chosen", _("Officers chosen")

    class Reason(models.TextChoices):
        """Codes, not free text: what a supervisor would write could name somebody."""

        SHE_ASKED = "she_asked", _("She asked for it")
        BETTER_DAY = "better_day", _("Fits the station's week better")
        FEW_HANDS = "few_hands", _("Not enough officers that day")
        MAKES_UP = "makes_up", _("Makes up for a missed visit")
        OFFICER_AWAY = "officer_away", _("An officer is away")
        KNOWS_THEM = "knows_them", _("She knows these officers")
        SHARES_WORK = "shares_work", _("Shares the work better")

    visit = models.ForeignKey("visits.Visit", on_delete=models.PROTECT, related_name="changes")
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    day_before = models.DateField(null=True, blank=True)
    day_after = models.DateField()
    officers_before = ArrayField(models.BigIntegerField(), size=2, default=list)
    officers_after = ArrayField(models.BigIntegerField(), size=2, default=list)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-changed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(day_before__isnull=False) | Q(kind="added"), name="visits_change_has_a_before"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"

    @property
    def participant(self) -> Participant:
        """Return the woman whose visit was changed."""
        return self.visit.participant


class StationDigest(models.Model):
    """A station's morning in counts, made once a day: what today asks for, and what is left over from before."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="digests")
    made_for = models.DateField()
    made_at = models.DateTimeField()
    planned = models.PositiveIntegerField()
    without_officers = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    unexplained = models.PositiveIntegerField()
    escalated = models.PositiveIntegerField()
    # Visits of the week that safe days do not allow.
    short = models.PositiveIntegerField()

    class Meta:
        ordering = ("-made_for", "station")
        constraints = (models.UniqueConstraint(fields=("station", "made_for"), name="visits_one_digest_a_day"),)

    def __str__(self) -> str:
        return f"{self.station_id} {self.made_for}"
