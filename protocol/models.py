"""The study's settings as data: each version whole, as it was loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ProtocolVersion(models.Model):
    """One version of the protocol file; the newest active one rules. Frozen once an allocation is locked under it."""

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.TextField()
    is_active = models.BooleanField(default=False)
    amendment_reason = models.TextField(blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"),
                name="protocol_version_unique",
                violation_error_message=_("This version of the protocol is already loaded with another content."),
            ),
            models.UniqueConstraint(
                fields=("is_active",), condition=models.Q(is_active=True), name="protocol_one_active_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
