"""Which women are asked for a qualitative interview, chosen without showing the arm, and how far it went."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from interviews.selection import Cell, Rule
from interviews.states import DROPPED_OUT
from participants.models import Participant


class Selection(models.Model):
    """One recorded, seeded choice of women to be asked, and a digest of those it was made among."""

    seed = models.CharField(max_length=80)
    rule = models.CharField(max_length=32, choices=Rule.choices)
    per_arm = models.PositiveSmallIntegerField()
    candidates = models.PositiveIntegerField(default=0)
    candidates_sha256 = models.CharField(max_length=64, blank=True)
    # Goes into the digest: with it and the candidates the digest can be made again, without it nothing be guessed.
    candidates_nonce = models.BinaryField(max_length=32, default=b"")
    selected_at = models.DateTimeField()
    selected_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(per_arm__gte=1), name="interviews_at_least_one_per_arm"),
            models.CheckConstraint(
                condition=Q(rule__in=("purposive_grid", "seeded_random")), name="interviews_rule_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Interviews, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "InterviewQuerySet":
        """Those of the women whom an interviewer follows; all for administrators, who choose; nobody else's."""
        if user.role == Role.INTERVIEWER:
            return self.filter(participant__interviewer=user)
        return self.all() if user.role == Role.ADMINISTRATOR else self.none()


class Interview(models.Model):
    """A woman to be asked, when and where, and how far it went."""

    class Status(models.TextChoices):
        SELECTED = "selected", _("Selected")
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        LOST = "lost", _("Not reached")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    class Place(models.TextChoices):
        HOME = "home", _("Her home")
        HEALTH_CENTRE = "health_centre", _("Health centre")
        COMMUNITY = "community", _("Community centre or parish")
        OFFICE = "office", _("Office of the study")
        TELEPHONE = "telephone", _("By telephone")
        ELSEWHERE = "elsewhere", _("Elsewhere")

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="interviews")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="interviews")
    position = models.PositiveSmallIntegerField()
    # Of the grid; never shown to whoever holds the interview.
    cell = models.CharField(max_length=16, choices=Cell.choices, default=Cell.UNKNOWN)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.SELECTED)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=16, choices=Place.choices, blank=True)
    # Who proposed the time and holds it: of her own interviewer's hand.
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What she said when she was asked again, before the recorder was switched on.
    audio_agreed = models.BooleanField(null=True, blank=True)

    objects: ClassVar[InterviewQuerySet] = InterviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("selection", "position")
        constraints = (
            models.UniqueConstraint(fields=("selection", "participant"), name="interviews_selected_once"),
            models.UniqueConstraint(fields=("selection", "position"), name="interviews_position_once"),
            models.CheckConstraint(
                condition=Q(status__in=("selected", "proposed", "agreed", "refused", "lost", "done", "stopped")),
                name="interviews_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("proposed", "agreed", "done"))
                | (Q(starts_at__isnull=False, ends_at__isnull=False, held_by__isnull=False) & ~Q(place="")),
                name="interviews_has_time_and_place",
                violation_error_message=_("Write when and where."),
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(audio_agreed__isnull=False), name="interviews_asked_again"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def code(self) -> str:
        """Return the name under which coders know it: nothing of hers."""
        return f"E{self.selection_id}-{self.position:02d}"

    @property
    def is_open_place(self) -> bool:
        """Say whether she dropped out and nobody is asked instead; costs no query when `replaced_by` is loaded."""
        return self.status in DROPPED_OUT and not hasattr(self, "replaced_by")
