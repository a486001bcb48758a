"""Which women's cards were given to which phone."""

from typing import ClassVar

from django.db import models

from participants.models import Participant
from visits.models import Device


class PhoneCard(models.Model):
    """A woman's card that was on a phone on a day, and when it first came that day. It stays: a disk remembers."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="cards")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("given_at", "id")
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("device", "participant", "given_on"), name="phone_card_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.device_id} {self.given_on}"
