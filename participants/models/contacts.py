"""How a woman is reached: reviews of her plan, and contacts outside her safe times."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.people import Participant
from participants.safe_contact import Contact, Occasion


class ContactOverride(models.Model):
    """One contact that may happen outside her safe times: one kind, one day, one window of Lima's hours."""

    class Reason(models.TextChoices):
        SHE_ASKED = "she_asked", _("She asked for it")
        DANGER = "danger", _("She may be in danger now")
        TIMES_CHANGED = "times_changed", _("Her safe times have changed and are not written yet")
        OTHER = "other", _("Another reason")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="contact_overrides")
    kind = models.CharField(max_length=16, choices=Contact.choices)
    on = models.DateField()
    window_from = models.TimeField()
    window_until = models.TimeField()
    reason = models.CharField(max_length=16, choices=Reason.choices)
    # Free text may identify: sealed with the woman's own key.
    sealed_reason = models.BinaryField()
    overridden_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField()
    # When it ended before its day: another station cares for her, or she left.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-overridden_at", "-id")
        indexes = (models.Index(fields=("participant", "kind", "on"), name="participants_override_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "kind", "on"),
                condition=Q(ended_at=None),
                name="participants_one_override_a_day",
                violation_error_message=_("An exception for that day is written already."),
            ),
            models.CheckConstraint(
                condition=Q(window_until__gt=F("window_from")), name="participants_override_in_order"
            ),
            models.CheckConstraint(condition=~Q(sealed_reason=b""), name="participants_override_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.kind} {self.on}"


class ContactReview(models.Model):
    """She said that her safe-contact plan is still right, or changed it: when, to whom, at which contact."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="contact_reviews")
    occasion = models.CharField(max_length=16, choices=Occasion.choices)
    # The visit or the survey, if the review followed one.
    contact_id = models.UUIDField(null=True, blank=True)
    has_changed = models.BooleanField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ("-reviewed_at", "-id")
        indexes = (models.Index(fields=("participant", "-reviewed_at"), name="participants_contact_reviews"),)

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"
