"""Questionnaires by version, and which version each wave asks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from surveys.xforms.wording import in_language, titled


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """Versions of questionnaires."""

    def listed(self) -> "InstrumentQuerySet":
        """Without the file and the form, which are long; the newest of each questionnaire first."""
        return self.defer("source", "xform").order_by("code", "-loaded_at", "-pk")


class Instrument(models.Model):
    """One version of a questionnaire: the file that somebody wrote, the form made of it, and what it asks.

    A draft may be loaded anew; from the day it is published the database refuses any change of what it asks.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    class Licence(models.TextChoices):
        OPEN = "open", _("Free to use")
        PRIVATE = "private", _("Private pack of a licence holder")

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    title = models.CharField(max_length=200, blank=True)
    # By language as its file names it, where it has several.
    titles = models.JSONField(default=dict, blank=True)
    licence = models.CharField(max_length=16, choices=Licence.choices, default=Licence.OPEN)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DRAFT)
    # Of the file as it was loaded.
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.BinaryField()
    source_name = models.CharField(max_length=120)
    xform = models.TextField()
    # What it asks: languages, questions with labels and choices, and what its author should know.
    content = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InstrumentQuerySet] = InstrumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("code", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"),
                name="surveys_instrument_version_unique",
                violation_error_message=_("This version of the questionnaire is already loaded."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None, retired_at=None)
                | Q(status="published", published_at__isnull=False, retired_at=None)
                | Q(status="retired", published_at__isnull=False, retired_at__isnull=False),
                name="surveys_instrument_status_dated",
                violation_error_message=_("A published questionnaire has its day, and a retired one both."),
            ),
            models.CheckConstraint(
                condition=Q(licence__in=("open", "private")), name="surveys_instrument_licence_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def title_here(self) -> str:
        """What it is called in the language in force; its code where it has no title."""
        return in_language(self.titles, get_language() or "es") or self.title or self.code

    @property
    def xform_here(self) -> str:
        """Its form under its title in the language in force."""
        return titled(self.xform, self.title_here)


class WaveInstrument(models.Model):
    """That a wave asks a version from a moment on; rows are only added, and the last one of a wave holds."""

    wave = models.CharField(max_length=16)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="waves")
    pinned_at = models.DateTimeField()
    pinned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("wave", "-id")
        indexes = (models.Index(fields=("wave", "-id"), name="surveys_wave_in_force"),)

    def __str__(self) -> str:
        return f"{self.wave} {self.instrument_id}"
