"""What women ended, and what they wanted done with what they had told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.consent_scopes import Scope
from participants.models.people import Participant


class Withdrawal(models.Model):
    """One wish to end a part, or everything; it is what her certificate says, and never changes."""

    class Reason(models.TextChoices):
        """She need not say."""

        NOT_SAID = "not_said", _("She prefers not to say")
        HER_WISH = "her_wish", _("She no longer wants to take part")
        SAFETY = "safety", _("Taking part is not safe for her")
        TIME = "time", _("She has no time for it")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="withdrawals")
    # The scopes whose consent ended with it.
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices))
    is_whole = models.BooleanField()
    erasure_wanted = models.BooleanField(default=False)
    reason = models.CharField(max_length=32)
    withdrawn_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("participant", "-withdrawn_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("participant",), condition=Q(is_whole=True), name="participants_withdrawn_wholly_once"
            ),
            models.CheckConstraint(
                condition=Q(is_whole=True) | Q(erasure_wanted=False),
                name="participants_erased_only_when_whole",
                violation_error_message=_("Her data are erased only once she has left wholly."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"
