"""The plan of the analysis as it was locked, and the act by which the groups get their names."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from panel.plan_states import PlanState, UnblindingState

_SHA256 = r"^[0-9a-f]{64}$"
HASH_TYPED = 8


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Versions of the plan."""

    def listed(self) -> "PlanVersionQuerySet":
        """Without their content, with who stored, proposed and locked them, the newest first."""
        people = self.select_related("stored_by", "proposed_by", "locked_by")
        return people.defer("source").order_by("-version")

    def locked(self) -> "PlanVersionQuerySet":
        """Those that are locked, the newest first."""
        return self.filter(state=PlanState.LOCKED).order_by("-version")

    def confirmed(self) -> "PlanVersionQuerySet":
        """Those that were locked before anybody knew which group is which; the newest of them counts."""
        return self.locked().filter(is_late=False)


class PlanVersion(models.Model):
    """A plan's file, whole, as it was brought. Two people lock it; then the database keeps it as it is."""

    State = PlanState

    version = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=100)
    source = models.BinaryField()
    # Of the bytes, for whoever downloads them; and of what they say, which a report bears.
    file_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    # Why the plan is amended, where another was locked before.
    reason = models.TextField(blank=True)
    stored_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=PlanState.choices, default=PlanState.DRAFT)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    # Locked after unblinding was recorded: what it adds is exploratory.
    is_late = models.BooleanField(default=False)

    objects: ClassVar[PlanVersionQuerySet] = PlanVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="panel_plan_state_known"),
            models.CheckConstraint(
                condition=Q(sha256__regex=_SHA256, file_sha256__regex=_SHA256), name="panel_plan_has_hashes"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "replaced"), proposed_by=None, proposed_at=None)
                | Q(state__in=("proposed", "locked"), proposed_by__isnull=False, proposed_at__isnull=False),
                name="panel_plan_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=(~Q(state="locked") & Q(locked_by=None, locked_at=None, is_late=False))
                | (
                    Q(state="locked", locked_by__isnull=False, locked_at__isnull=False) & ~Q(locked_by=F("proposed_by"))
                ),
                name="panel_plan_locked_by_a_second_person",
                violation_error_message=_("You proposed this plan: somebody else locks it."),
            ),
            models.UniqueConstraint(
                fields=("state",), condition=Q(state__in=("draft", "proposed")), name="panel_one_open_plan_of_a_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.sha256[:HASH_TYPED]}"

    @property
    def is_open(self) -> bool:
        """Say whether something may still become of it."""
        return self.state in (PlanState.DRAFT, PlanState.PROPOSED)

    @property
    def hash_to_type(self) -> str:
        """Return the beginning of its hash, which whoever unblinds under it types."""
        return self.sha256[:HASH_TYPED]


class UnblindingQuerySet(models.QuerySet["Unblinding"]):
    """Requests to unblind."""

    def recorded(self) -> "UnblindingQuerySet":
        """The one that was approved, if there is one."""
        return self.filter(state=UnblindingState.RECORDED)

    def called_off(self) -> "UnblindingQuerySet":
        """Those that were called off, with both people, the newest first."""
        off = self.filter(state=UnblindingState.CALLED_OFF).select_related("asked_by", "decided_by")
        return off.order_by("-id")

    def let_read_arm(self, actor: Actor) -> bool:
        """Say whether somebody may know which group is which: by her role, or by it once unblinding is recorded."""
        if actor.has(Permission.READ_ARM):
            return True
        return actor.has(Permission.READ_ARM_UNBLINDED) and self.recorded().exists()


class Unblinding(models.Model):
    """Asked for by one person and approved by another of another role; once recorded it stands for ever."""

    State = UnblindingState

    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="unblindings")
    reason = models.TextField()
    # Why it is done although surveys are still to come; empty where follow-up is over.
    early_reason = models.TextField(blank=True)
    follow_up_until = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_role = models.CharField(max_length=16, choices=Role.choices)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=UnblindingState.choices, default=UnblindingState.ASKED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UnblindingQuerySet] = UnblindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=UnblindingState.values), name="panel_unblinding_state_known"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="panel_unblinding_has_reason",
                violation_error_message=_("Say why the groups are to be named now."),
            ),
            models.CheckConstraint(
                condition=Q(follow_up_until=None) | ~Q(early_reason=""),
                name="panel_unblinding_early_with_reason",
                violation_error_message=_("Surveys are still to come: say why it cannot wait."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None, decided_role="")
                | Q(state="called_off", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(state="recorded", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                    & ~Q(decided_role=F("asked_role"))
                    & ~Q(decided_role="")
                ),
                name="panel_unblinding_second_person",
                violation_error_message=_("You asked for this: somebody of another role approves it."),
            ),
            models.UniqueConstraint(
                fields=("state",),
                condition=Q(state__in=("asked", "recorded")),
                name="panel_unblinding_once",
                violation_error_message=_("It was asked for already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_still_asked(self) -> bool:
        """Say whether whoever asked may still sign in, and has the role in which she asked."""
        return self.asked_by.is_active and self.asked_by.role == self.asked_role
