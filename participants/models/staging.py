"""Imports that somebody looks through before they are written: the whole file sealed, for an hour."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User


class StagedImport(models.Model):
    """A file of reports between its dry run and its import: its content sealed with a key of its own, then deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    staged_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    master_key_id = models.CharField(max_length=32)
    wrapped = models.BinaryField()
    sealed_rows = models.BinaryField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("expires_at",), name="participants_staged_until"),)
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("staged_at")), name="participants_staged_for_a_while"),
        )

    def __str__(self) -> str:
        return str(self.pk)
