"""Districts, stations, the frame, the allocation, and where officers are posted."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.ready_queries import Asked
from protocol.models import ProtocolVersion


class DateRange(models.Func):
    """daterange(from, until): until is open when null; both ends belong to the range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class District(models.Model):
    """A district with its public figures (INEI; sources in stations/data/README.md)."""

    ubigeo = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=80)
    area_km2 = models.DecimalField(max_digits=9, decimal_places=2)
    population_2020 = models.PositiveIntegerField()
    poverty_pct_2018 = models.DecimalField(max_digits=5, decimal_places=2)
    extreme_poverty_pct_2018 = models.DecimalField(max_digits=5, decimal_places=2)
    hdi_2019 = models.DecimalField(max_digits=5, decimal_places=4)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        ordering = ("ubigeo",)
        constraints = (
            models.CheckConstraint(
                condition=Q(poverty_pct_2018__range=(0, 100), extreme_poverty_pct_2018__range=(0, 100)),
                name="stations_district_poverty_is_percentage",
            ),
            models.CheckConstraint(condition=Q(hdi_2019__range=(0, 1)), name="stations_district_hdi_from_0_to_1"),
        )

    def __str__(self) -> str:
        return self.ubigeo


class Station(models.Model):
    """A police station: the cluster. Its public name stays on the allocation's pages; elsewhere its study code."""

    code = models.CharField(max_length=8, unique=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="stations")
    name = models.CharField(max_length=120)
    officers = models.PositiveIntegerField()
    officers_women = models.PositiveIntegerField()
    family_violence_officers = models.PositiveIntegerField()
    family_violence_officers_women = models.PositiveIntegerField()
    # Reports of partner violence received in 2017; null where the source gives none.
    ipv_reports = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(officers_women__lte=F("officers"))
                & Q(family_violence_officers__lte=F("officers"))
                & Q(family_violence_officers_women__lte=F("family_violence_officers")),
                name="stations_station_parts_within_whole",
                violation_error_message=_("A part of the staff cannot be larger than the whole."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class Frame(models.Model):
    """A frozen, hashed snapshot of districts and stations: what an allocation was drawn from."""

    sha256 = models.CharField(max_length=64, unique=True)
    stations = models.JSONField()
    districts = models.JSONField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(sha256=""), name="stations_frame_has_hash"),)

    def __str__(self) -> str:
        return self.sha256[:12]


class Commitment(models.Model):
    """The published promise of a draw: the hash of frame, design and a secret nonce, before the public draw is known.

    It is revealed once, by the allocation that refers to it, or abandoned with a reason; it never changes otherwise.
    """

    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="commitments")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="commitments")
    sha256 = models.CharField(max_length=64, unique=True)
    nonce = models.BinaryField(max_length=32)
    public_draw_source = models.CharField(max_length=200)
    committed_at = models.DateTimeField()
    committed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    abandoned_at = models.DateTimeField(null=True, blank=True)
    abandoned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    abandoned_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(public_draw_source=""), name="stations_commitment_names_its_source"),
            models.CheckConstraint(
                condition=Q(abandoned_at=None, abandoned_reason="")
                | (Q(abandoned_at__isnull=False) & ~Q(abandoned_reason="")),
                name="stations_commitment_abandoned_with_reason",
                violation_error_message=_("Say why the commitment is abandoned."),
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class Allocation(models.Model):
    """One draw of stations into arms: a rehearsal by a typed seed, or the reveal of a commitment.

    Only a revealed one can be locked, once two people have approved it, and then it never changes.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DISCARDED = "discarded", _("Discarded")
        LOCKED = "locked", _("Locked")

    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="allocations")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="allocations")
    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="allocation"
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DRAFT)
    method = models.CharField(max_length=32)
    seed = models.CharField(max_length=80)
    public_draw = models.CharField(max_length=120, blank=True)
    blinding_nonce = models.BinaryField(max_length=32)
    certificate = models.JSONField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("draft", "discarded", "locked")), name="stations_allocation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="locked", locked_at__isnull=False) | (~Q(status="locked") & Q(locked_at=None)),
                name="stations_allocation_locked_has_time",
            ),
            models.CheckConstraint(
                condition=Q(commitment=None, public_draw="") | (Q(commitment__isnull=False) & ~Q(public_draw="")),
                name="stations_allocation_revealed_has_public_draw",
            ),
            models.CheckConstraint(
                condition=~Q(status="locked") | Q(commitment__isnull=False),
                name="stations_locked_allocation_was_committed_to",
                violation_error_message=_("A rehearsal can never be locked."),
            ),
            models.UniqueConstraint(
                fields=("status",),
                condition=Q(status="locked"),
                name="stations_one_locked_allocation",
                violation_error_message=_("An allocation is already locked; it can never be replaced."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"

    @property
    def is_rehearsal(self) -> bool:
        return self.commitment_id is None


class Approval(models.Model):
    """A person's word that a revealed draw was made as published; two different people's lock it."""

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="approvals")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    # Names of the contrasts that can reach no p of .05 whatever is found, as shown to and accepted by this person.
    accepted_contrasts = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("allocation", "approved_by"),
                name="stations_approved_once_by_each",
                violation_error_message=_("You have approved this draw already. A second person must."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.allocation_id} {self.approved_by_id}"


class AllocatedStation(models.Model):
    """A drawn station with its arm, its study number (1…16), and the codes that blinded readers see."""

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="allocated")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="allocated")
    arm = models.CharField(max_length=32)
    study_number = models.PositiveSmallIntegerField()
    blinded_letter = models.CharField(max_length=4)
    blinded_group = models.PositiveSmallIntegerField()
    # How likely the station was to be drawn: its weight is the inverse.
    inclusion_probability = models.DecimalField(max_digits=12, decimal_places=11)

    class Meta:
        ordering = ("allocation", "study_number")
        constraints = (
            models.CheckConstraint(
                condition=Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="stations_inclusion_is_probability",
            ),
            models.UniqueConstraint(fields=("allocation", "station"), name="stations_allocated_once"),
            models.UniqueConstraint(fields=("allocation", "study_number"), name="stations_study_number_once"),
            models.UniqueConstraint(fields=("allocation", "blinded_letter"), name="stations_blinded_letter_once"),
        )

    def __str__(self) -> str:
        return self.study_code

    @property
    def study_code(self) -> str:
        return f"Estación {self.study_number:02d}"


class StationLoss(models.Model):
    """A drawn station that left the study: an event. Its arm, and its women in the analysis, stay as they were."""

    allocated = models.OneToOneField(AllocatedStation, on_delete=models.PROTECT, related_name="loss")
    lost_on = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("lost_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="stations_loss_has_reason",
                violation_error_message=_("Say why the station left the study."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.allocated_id} {self.lost_on}"


class AllocationCheck(models.Model):
    """One comparison of the database with the certificate; a problem found stops all planning until one finds none."""

    checked_at = models.DateTimeField()
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d}"


OFFICER_CODE_LENGTH = 16


class Officer(models.Model):
    """A police officer; her account, when she has one, signs in."""

    code = models.CharField(max_length=OFFICER_CODE_LENGTH, unique=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="officer")
    is_woman = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)
        constraints = (models.CheckConstraint(condition=~Q(code=""), name="stations_officer_has_code"),)

    def __str__(self) -> str:
        return self.code


class PostingQuerySet(models.QuerySet["Posting"]):
    """Postings by day."""

    def standing(self) -> "PostingQuerySet":
        """Those that were not withdrawn as a mistake."""
        return self.filter(withdrawn_at=None)

    def serving(self, on: date | Asked | None = None) -> "PostingQuerySet":
        """Those in force on a day; without one, today in the study's time zone."""
        day = on or timezone.localdate()
        return self.standing().filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def station_of(self, user: User | Asked, on: date | Asked | None = None) -> models.Subquery:
        """Return where a person serves on a day (today), one station at most, as a value: null where nowhere.

        Found once and compared, it leads to the station's rows in any table by their index. As a set to look in, the
        database searched the whole country's visits of a day first.
        """
        return models.Subquery(self.serving(on).filter(officer__user=user).values("station")[:1])


class Posting(models.Model):
    """Where an officer serves, from a day until a day (open while she is there); never two at once.

    `follows` is the open posting that this one ended. A posting made by mistake is withdrawn, never deleted.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="postings")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="postings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects: ClassVar[PostingQuerySet] = PostingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("officer", "starts_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="stations_posting_ends_after_start",
                violation_error_message=_("A posting cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="stations_posting_one_at_a_time",
                expressions=(
                    ("officer", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ),
                condition=Q(withdrawn_at=None),
                violation_error_message=_("The officer is already posted somewhere in that time."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="stations_posting_withdrawn_with_reason",
                violation_error_message=_("Say why the posting is withdrawn."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.starts_on}"

    @property
    def last_day(self) -> date:
        """Return the day it ends; of an open one, the day it began."""
        return self.ends_on or self.starts_on

    @property
    def is_open(self) -> bool:
        return self.ends_on is None and self.withdrawn_at is None


class ArmCrossing(models.Model):
    """An officer who moved between stations of different arms: contamination. Which arms, the allocation says."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="crossings")
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="crossing")
    from_station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    to_station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    last_day_there = models.DateField()
    first_day_here = models.DateField()

    class Meta:
        ordering = ("-first_day_here", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(from_station=F("to_station")), name="stations_crossing_is_between_two_stations"
            ),
            models.CheckConstraint(
                condition=Q(first_day_here__gt=F("last_day_there")), name="stations_crossing_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.first_day_here}"
