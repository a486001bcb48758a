"""Locks of data, who signed them and what each meant by it, what came afterwards, and every recount."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from data_lock.states import HOLDING, LiftingState, LockKind, LockState
from risk.models import Assessment
from visits.models import VisitLog

_SHA256 = r"^[0-9a-f]{64}$"


class DataLockQuerySet(models.QuerySet["DataLock"]):
    """Locks, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "DataLockQuerySet":
        """All, for whoever may read of locks; nobody else's."""
        return self.all() if user.has(Permission.READ_DATA_LOCKS) else self.none()

    def holding(self) -> "DataLockQuerySet":
        """Those that hold their data still: proposed or locked."""
        return self.filter(state__in=HOLDING)

    def signed(self) -> "DataLockQuerySet":
        """Those that somebody signed, whatever became of them."""
        return self.exclude(sha256="")

    def listed(self) -> "DataLockQuerySet":
        """With who proposed them, the newest first."""
        return self.select_related("proposed_by").order_by("-pk")


class DataLock(models.Model):
    """A cut of the data that is held still: by its kind, and a wave or a last day. Its number is its id.

    `sha256` is that of every row stored in it, `in_use_sha256` that of the rows which data sets gave out when it was
    first signed: what a woman ends by her right changes the second and not the first.
    """

    State, Kind = LockState, LockKind

    kind = models.CharField(max_length=16, choices=LockKind.choices)
    wave = models.CharField(max_length=16, blank=True)
    until = models.DateField(null=True, blank=True)
    # The moment at which the day after `until` begins: what was observed before it is in the cut.
    ends_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=LockState.choices, default=LockState.PROPOSED)
    # What was still open there when it was proposed, by code, and why it is locked all the same.
    still_open = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Of the first signature; the second is given only if a recount comes to the same.
    sha256 = models.CharField(max_length=64, blank=True)
    in_use_sha256 = models.CharField(max_length=64, blank=True)
    parts = models.JSONField(default=list, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DataLockQuerySet] = DataLockQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=LockState.values), name="data_lock_state_known"),
            models.CheckConstraint(
                condition=(Q(kind="surveys", until=None, ends_at=None) & ~Q(wave=""))
                | Q(kind__in=("visits", "sheets", "everything"), wave="", until__isnull=False, ends_at__isnull=False),
                name="data_lock_cut_whole",
                violation_error_message=_("Say which wave, or until which day."),
            ),
            models.CheckConstraint(
                condition=Q(sha256="", in_use_sha256="") | Q(sha256__regex=_SHA256, in_use_sha256__regex=_SHA256),
                name="data_lock_has_hashes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "called_off"), locked_at=None)
                | (Q(state__in=("locked", "lifted"), locked_at__isnull=False) & ~Q(sha256="")),
                name="data_lock_locked_with_hash",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "locked"), ended_at=None)
                | Q(state__in=("called_off", "lifted"), ended_at__isnull=False),
                name="data_lock_end_has_hour",
            ),
            models.UniqueConstraint(
                fields=("kind", "wave", "until"),
                condition=Q(state__in=("proposed", "locked")),
                nulls_distinct=False,
                name="data_lock_one_of_a_cut",
                violation_error_message=_("These data are locked already, or it is proposed."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def cut(self) -> dict[str, str | None]:
        """Return what is locked, as it is hashed and signed."""
        return {"kind": self.kind, "wave": self.wave, "until": self.until.isoformat() if self.until else None}

    @property
    def is_holding(self) -> bool:
        """Say whether its data are held still."""
        return self.state in HOLDING

    @property
    def rows(self) -> int:
        """Return how many rows were signed."""
        return sum(rows for _kind, rows, _sha256 in self.parts)


class Lifting(models.Model):
    """A request to lift a lock, with its reason; a second person signs it too, or it is called off."""

    State = LiftingState

    lock = models.ForeignKey(DataLock, on_delete=models.PROTECT, related_name="liftings")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=LiftingState.choices, default=LiftingState.ASKED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=LiftingState.values), name="data_lock_lifting_state_known"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="data_lock_lifting_has_reason",
                violation_error_message=_("Say why the lock is to be lifted."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | Q(state="called_off", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(state="done", decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by"))
                ),
                name="data_lock_lifted_by_a_second_person",
                violation_error_message=_("You asked for this: somebody else signs it."),
            ),
            models.UniqueConstraint(
                fields=("lock",), condition=Q(state="asked"), name="data_lock_one_lifting_waits",
                violation_error_message=_("It was asked for already."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.lock_id} {self.state}"


class LockSignature(models.Model):
    """What one person said of one lock, with her password given again: it never changes and belongs to nothing else."""

    class Purpose(models.TextChoices):
        LOCK = "lock", _("To lock")
        LIFT = "lift", _("To lift the lock")

    class Meaning(models.TextChoices):
        REVIEWED = "reviewed", _("I have reviewed these data as they stand")
        APPROVED = "approved", _("I approve that these data are locked")
        RESPONSIBLE = "responsible", _("I answer for these data being what was observed")
        LIFT_ASKED = "lift_asked", _("I ask that the lock be lifted")
        LIFT_APPROVED = "lift_approved", _("I approve that the lock is lifted")

    lock = models.ForeignKey(DataLock, on_delete=models.PROTECT, related_name="signatures")
    lifting = models.ForeignKey(Lifting, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    meaning = models.CharField(max_length=16, choices=Meaning.choices)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_role = models.CharField(max_length=16, choices=Role.choices)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    # `statement.signature_text`, and its Ed25519 signature by the key that signs the audit's checkpoints.
    text = models.TextField()
    signature = models.BinaryField(max_length=64)
    key = models.CharField(max_length=16)

    class Meta:
        ordering = ("signed_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(sha256__regex=_SHA256), name="data_lock_signature_has_hash"),
            models.CheckConstraint(
                condition=Q(purpose="lock", lifting=None, meaning__in=("reviewed", "approved", "responsible"))
                | Q(purpose="lift", lifting__isnull=False, meaning__in=("lift_asked", "lift_approved")),
                name="data_lock_signature_has_meaning",
                violation_error_message=_("Say what you mean by signing."),
            ),
            models.UniqueConstraint(
                fields=("lock", "signed_by"),
                condition=Q(purpose="lock"),
                name="data_lock_signed_once_by_a_person",
                violation_error_message=_("You signed this already: somebody else signs it too."),
            ),
            models.UniqueConstraint(
                fields=("lifting", "signed_by"), condition=Q(purpose="lift"), name="data_lock_lifted_once_by_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.lock_id} {self.purpose}"


class LateArrivalQuerySet(models.QuerySet["LateArrival"]):
    """What came after a lock."""

    def to_decide(self) -> "LateArrivalQuerySet":
        """What is kept apart and nobody has decided about."""
        return self.filter(is_out=True, decided_at=None)


class LateArrival(models.Model):
    """A log or a sheet that came after the lock it falls in: kept where it belongs, and in no data set meanwhile.

    The database writes these rows itself, in the statement that brings the log. Surveys are held by their own room.
    """

    class Reason(models.TextChoices):
        """Codes, not free text: what somebody would write could name her."""

        TOO_LATE = "too_late", _("It came too late for what these data are for")
        DOUBTFUL = "doubtful", _("It cannot be found out any more whether it is right")
        REPEATED = "repeated", _("What was signed says the same")
        NO_MATTER = "no_matter", _("It changes nothing of what these data are for")

    lock = models.ForeignKey(DataLock, on_delete=models.PROTECT, related_name="late_arrivals")
    log = models.ForeignKey(VisitLog, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()
    # No data set gives it out: until the lock that it came after is lifted.
    is_out = models.BooleanField(default=True)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LateArrivalQuerySet] = LateArrivalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-noted_at", "-id")
        indexes = (
            models.Index(fields=("log",), condition=Q(is_out=True), name="data_lock_logs_out"),
            models.Index(fields=("assessment",), condition=Q(is_out=True), name="data_lock_sheets_out"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(log=None, assessment__isnull=False) | Q(log__isnull=False, assessment=None),
                name="data_lock_late_is_one_thing",
            ),
            models.UniqueConstraint(fields=("lock", "log"), name="data_lock_log_late_once"),
            models.UniqueConstraint(fields=("lock", "assessment"), name="data_lock_sheet_late_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, reason="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="data_lock_late_left_out_with_reason",
                violation_error_message=_("Say why it is left out."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class LockCheck(models.Model):
    """One recount of a lock: whether its rows and its signatures are still those that were signed."""

    class Problem(models.TextChoices):
        ROWS = "rows", _("The rows are not those that were signed")
        SIGNATURES = "signatures", _("A signature does not hold")

    lock = models.ForeignKey(DataLock, on_delete=models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    in_use_sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)

    class Meta:
        ordering = ("-checked_at", "-id")
        indexes = (models.Index(fields=("lock", "-checked_at"), name="data_lock_check_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(problem__in=("", "rows", "signatures")), name="data_lock_check_problem_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.lock_id} {self.problem}"
