"""The study watching itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from monitoring.telling import Kind
from stations.models import Station


class JobHeartbeat(models.Model):
    """When each scheduled job last ran, and how it ended."""

    job = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    # Of a sweep that did the rest: for how many rows its step failed last time.
    failed_steps = models.PositiveIntegerField(default=0)
    runs = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("job",)
        constraints = (models.CheckConstraint(condition=~Q(job=""), name="monitoring_heartbeat_names_job"),)

    def __str__(self) -> str:
        return self.job


class Lateness(models.Model):
    """A time in which something of the study was late, until it was on time again."""

    class What(models.TextChoices):
        PLANNER = "planner", _("The planner")
        JOBS = "jobs", _("The other scheduled jobs")
        BACKUP = "backup", _("The backup")

    what = models.CharField(max_length=16, choices=What.choices, default=What.PLANNER)
    began_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("what", "over_at"), nulls_distinct=False, name="monitoring_one_lateness_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(over_at=None) | Q(over_at__gte=F("began_at")), name="monitoring_lateness_in_order"
            ),
            models.CheckConstraint(
                condition=Q(what__in=("planner", "jobs", "backup")), name="monitoring_lateness_what_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.began_at:%Y-%m-%d %H:%M}"


class StaffMessage(models.Model):
    """One message to one person about one thing: claimed first, so that it leaves once.

    `to` names an account or a place in the settings, never the address.
    """

    Kind = Kind

    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The number of the lateness, plan, request, lock or complaint, the day, or a release with its revision and state.
    about = models.CharField(max_length=24)
    to = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=1)
    # When it was tried last, whatever came of it.
    tried_at = models.DateTimeField(null=True, blank=True)
    # NULL: it certainly did not leave and may be tried again.
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "about", "to"), name="monitoring_told_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="monitoring_message_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.to}"


class LastMorning(models.Model):
    """The last morning for which a person was asked: its day, and how much waited for her by topic.

    Where nothing waited it is empty, and she is not asked for again on that day.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="+")
    day = models.DateField()
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("user",)

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class DoseWeek(models.Model):
    """The visits of one station in one week, counted anew each hour from the visits themselves.

    A planned visit is in exactly one of `done`, `refused`, `unsafe`, `not_met`, `missed` and `to_come`.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+", db_index=False)
    monday = models.DateField()
    done = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    unsafe = models.PositiveIntegerField()
    not_met = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    to_come = models.PositiveIntegerField()
    # Of those attempted: on the planned day and before its grace was over.
    on_time = models.PositiveIntegerField()
    # Of those missed or to come: no officer was found for them.
    without_officers = models.PositiveIntegerField()
    beside_plan = models.PositiveIntegerField()
    # Women with a visit of that week, and those who were met more often than is usual.
    women = models.PositiveIntegerField()
    women_above_usual = models.PositiveIntegerField()
    # Visits of her level that found no day in her week; they are among none of the others.
    short = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ("monday", "station", "id")
        constraints = (
            models.UniqueConstraint(fields=("station", "monday"), name="monitoring_dose_once_a_week"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="monitoring_dose_starts_monday"),
            models.CheckConstraint(
                condition=Q(on_time__lte=F("done") + F("refused") + F("unsafe") + F("not_met")),
                name="monitoring_dose_on_time_was_attempted",
            ),
            models.CheckConstraint(
                condition=Q(women_above_usual__lte=F("women")), name="monitoring_dose_above_usual_among_women"
            ),
        )

    def __str__(self) -> str:
        return f"{self.station_id} {self.monday}"


class BackupReport(models.Model):
    """One backup as whoever makes the backups told of it; kept as it was written.

    `place` is a label, never an address; `restored_on` is the last day on which a restore was tried and held.
    """

    made_at = models.DateTimeField()
    size_bytes = models.BigIntegerField()
    place = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    restored_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("made_at", "sha256", "restored_on"),
                nulls_distinct=False,
                name="monitoring_backup_reported_once",
            ),
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0),
                name="monitoring_backup_has_a_size",
                violation_error_message=_("A backup has at least one byte."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="monitoring_backup_has_its_hash",
                violation_error_message=_("A SHA-256 has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(made_at__lte=F("recorded_at")),
                name="monitoring_backup_was_made",
                violation_error_message=_("A backup cannot be of a time to come."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.place}"
