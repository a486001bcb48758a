"""Questionnaires by version."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Instrument(models.Model):
    """One version of a questionnaire, whole, as its file says."""

    code = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"),
                name="surveys_instrument_version_unique",
                violation_error_message=_("This version of the questionnaire is already loaded."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
