"""Checks of releases: packed once more from what was frozen, and compared with what was given out."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from panel.models.releases import Release

PENDING_CHECKS = ("queued", "building")


class ReleaseCheckQuerySet(models.QuerySet["ReleaseCheck"]):
    """Checks of releases."""

    def to_make(self, now: datetime, *, broken_off: timedelta) -> "ReleaseCheckQuerySet":
        """Those that a worker may take: queued, or left by a worker that died."""
        left = Q(state="building", state_changed_at__lte=now - broken_off)
        return self.filter(Q(state="queued") | left)


class ReleaseCheck(models.Model):
    """One time that a release was packed again to compare it, byte for byte."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        BUILDING = "building", _("Being made")
        SAME = "same", _("The same, byte for byte")
        DIFFERENT = "different", _("Other bytes than those given out")
        FAILED = "failed", _("Failed")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="checks")
    revision = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    state_changed_at = models.DateTimeField()
    progress = models.PositiveSmallIntegerField(default=0)
    # A worker writes only as long as it holds the last try.
    attempt = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ReleaseCheckQuerySet] = ReleaseCheckQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("queued", "building", "same", "different", "failed")),
                name="panel_check_state_known",
            ),
            models.UniqueConstraint(
                fields=("release",),
                condition=Q(state__in=PENDING_CHECKS),
                name="panel_one_check_at_a_time",
                violation_error_message=_("It is being compared already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_pending(self) -> bool:
        """Say whether its outcome is still to come."""
        return self.state in PENDING_CHECKS


class DatasetPicture(models.Model):
    """How the values of a data set's columns are spread, counted ahead so that its page need not; no small cell."""

    dataset = models.CharField(max_length=32, primary_key=True)
    counted_at = models.DateTimeField()
    # panel.summaries.as_json of each column by its name.
    columns = models.JSONField()

    class Meta:
        ordering = ("dataset",)
        constraints = (models.CheckConstraint(condition=~Q(dataset=""), name="panel_picture_names_dataset"),)

    def __str__(self) -> str:
        return self.dataset
