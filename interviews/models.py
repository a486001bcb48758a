"""Which women are asked for a qualitative interview, chosen without showing the arm."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Participant


class Selection(models.Model):
    """One recorded, seeded choice of women to be asked."""

    seed = models.CharField(max_length=80)
    rule = models.CharField(max_length=32)
    per_arm = models.PositiveSmallIntegerField()
    selected_at = models.DateTimeField()
    selected_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=Q(per_arm__gte=1), name="interviews_at_least_one_per_arm"),)

    def __str__(self) -> str:
        return str(self.pk)


class Interview(models.Model):
    """A woman to be asked, and how far it went."""

    class Status(models.TextChoices):
        SELECTED = "selected", _("Selected")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="interviews")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="interviews")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.SELECTED)

    class Meta:
        ordering = ("selection", "position")
        constraints = (
            models.UniqueConstraint(fields=("selection", "participant"), name="interviews_selected_once"),
            models.UniqueConstraint(fields=("selection", "position"), name="interviews_position_once"),
            models.CheckConstraint(
                condition=Q(status__in=("selected", "agreed", "refused", "done", "stopped")),
                name="interviews_status_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
