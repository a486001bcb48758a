"""Messages to women: which approved text goes to whom and when. No number, no address, no words of anybody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from messaging.senders import Way
from participants.models.contacts import ContactOverride
from participants.models.people import Participant
from participants.outgoing import MAY_HAVE_LEFT, MessageState, Purpose, Why

_LEFT = sorted(str(state) for state in MAY_HAVE_LEFT)


class OutgoingMessage(models.Model):
    """One message; the address is opened from her sealed card only while it is being sent, and kept nowhere."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="messages")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    text_code = models.CharField(max_length=32)
    way = models.CharField(max_length=8, choices=[(way.value, way.name) for way in Way])
    state = models.CharField(max_length=16, choices=MessageState.choices, default=MessageState.QUEUED)
    why = models.CharField(max_length=16, choices=Why.choices, blank=True)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    # None: written by the study itself.
    queued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    queued_at = models.DateTimeField()
    state_changed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Lima's day of the last attempt.
    claimed_on = models.DateField(null=True, blank=True)
    contact_override = models.OneToOneField(
        ContactOverride, on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-queued_at", "-id")
        indexes = (
            models.Index(fields=("not_before",), condition=Q(state="queued"), name="participants_message_waiting"),
            models.Index(fields=("claimed_at",), condition=Q(state="sending"), name="participants_message_leaving"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=sorted(MessageState.values)), name="participants_message_state_known"
            ),
            models.UniqueConstraint(
                fields=("participant", "purpose"),
                condition=Q(state__in=("queued", "sending")),
                name="participants_one_message_waiting",
                violation_error_message=_("A message to her is waiting already."),
            ),
            models.UniqueConstraint(
                fields=("participant", "claimed_on"),
                condition=Q(state__in=_LEFT),
                name="participants_one_message_a_day",
                violation_error_message=_("She has had a message today."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_LEFT) | Q(claimed_at__isnull=False, claimed_on__isnull=False),
                name="participants_message_left_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("not_before")), name="participants_message_times_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"
