"""Questionnaires by version, and which version each wave asks."""

from typing import Any, ClassVar

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
    # Of the file as it was loaded, and of those that it names.
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.BinaryField()
    source_name = models.CharField(max_length=120)
    xform = models.TextField()
    # What it asks: languages, questions with labels and choices, what its author should know, and which files it shows.
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
    def file_list(self) -> list[dict[str, Any]]:
        """The files that it names, each by its name with kind, type, size and hash."""
        found: list[dict[str, Any]] = self.content.get("files", [])
        return found

    @property
    def xform_here(self) -> str:
        """Its form under its title in the language in force."""
        return titled(self.xform, self.title_here)


class InstrumentFile(models.Model):
    """A file that a version names, as devices are given it: a picture, or a list to choose from or look up in.

    It comes and goes with its draft; from the day the version is published the database refuses any change.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        CSV = "csv", _("List (CSV)")
        GEOJSON = "geojson", _("List of places (GeoJSON)")
        XML = "xml", _("List (XML)")

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    # Of what devices are given, and of what was loaded, of which nothing else is kept.
    sha256 = models.CharField(max_length=64)
    md5 = models.CharField(max_length=32)
    given_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("instrument", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("instrument", "name"),
                name="surveys_file_named_once",
                violation_error_message=_("This version already has a file of that name."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("image", "csv", "geojson", "xml")), name="surveys_file_kind_known"
            ),
        )
        indexes = (models.Index(fields=("instrument", "sha256"), name="surveys_file_by_content"),)

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.kind}"


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
