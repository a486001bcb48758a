"""Officers' phones, and the keys to which they seal what they cannot send."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import HeldSecret


class DeviceQuerySet(models.QuerySet["Device"]):
    """Phones that still count."""

    def in_use(self) -> "DeviceQuerySet":
        return self.filter(revoked_at=None)


class Device(models.Model):
    """One officer's phone. Its identifier is made there; the part of its key that the server holds is a secret.

    What it last said of itself: by how much its clock is ahead, and how many logs wait on it since when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    server_part = models.OneToOneField(HeldSecret, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Of the part that is held now; after a wipe it is another.
    part_fetches = models.PositiveIntegerField(default=0)
    wipes = models.PositiveIntegerField(default=0, db_default=0)
    wiped_at = models.DateTimeField(null=True, blank=True)
    clock_skew_s = models.IntegerField(null=True, blank=True)
    unsent_count = models.PositiveIntegerField(default=0)
    oldest_unsent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DeviceQuerySet] = DeviceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("registered_at", "id")
        indexes = (models.Index(fields=("user",), condition=Q(revoked_at=None), name="visits_device_in_use"),)

    def __str__(self) -> str:
        return str(self.pk)


class SealingKey(models.Model):
    """A key pair (P-256) of the server: phones seal to its public point what only the server may open."""

    id = models.CharField(primary_key=True, max_length=32)
    public_point = models.BinaryField()
    private_part = models.OneToOneField(HeldSecret, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # No longer given out; what was sealed to it still opens.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            # One row at most has no end: an index over a constant.
            models.UniqueConstraint(
                fields=("retired_at",),
                nulls_distinct=False,
                condition=Q(retired_at=None),
                name="visits_one_sealing_key_in_use",
                violation_error_message=_("A key is in use already."),
            ),
        )

    def __str__(self) -> str:
        return self.pk
