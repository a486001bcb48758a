"""The words that women agree to, version by version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ConsentText(models.Model):
    """One version of the consent text, whole, as its file says it; frozen once a woman has signed it."""

    version = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64)
    source = models.TextField()
    valid_from = models.DateField(unique=True)
    valid_until = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-valid_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="participants_consent_text_days_in_order",
                violation_error_message=_("A text cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return self.version
