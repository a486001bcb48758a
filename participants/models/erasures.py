"""Identities to be destroyed: asked for by one person, confirmed by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.people import Participant


class Erasure(models.Model):
    """The destruction of one woman's data key, or of all (no participant): who wanted it, and when it was done."""

    class Reason(models.TextChoices):
        HER_WISH = "her_wish", _("Her wish")
        MISTAKE = "mistake", _("She was enrolled by mistake")
        STUDY_OVER = "study_over", _("The study is over")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures"
    )
    reason = models.CharField(max_length=16, choices=Reason.choices)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    women_erased = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-requested_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")),
                name="participants_erasure_by_two",
                violation_error_message=_("Somebody else must confirm."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="participants_erasure_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(confirmed_at__isnull=False, cancelled_at=None),
                name="participants_erasure_done_once_confirmed",
            ),
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(done_at=None, cancelled_at=None),
                nulls_distinct=False,
                name="participants_one_open_erasure",
                violation_error_message=_("This was asked for already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.cancelled_at is None
