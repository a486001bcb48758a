"""Recordings and transcripts as they were brought, sealed piece by piece; and the text that is read and coded."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interviews.chunks import chunk_count
from interviews.file_formats import Format, Kind
from interviews.models.meetings import Interview


class InterviewFile(models.Model):
    """A file of an interview: its key is sealed with the woman's own, its name is never kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # Told by the first piece.
    file_format = models.CharField(max_length=8, choices=Format.choices, blank=True)
    size_bytes = models.PositiveBigIntegerField()
    # Of the file's length, beginning and end: by it the same file goes on where it stopped.
    fingerprint = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    # How many pieces are here, without a gap.
    received = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("interview", "started_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=("audio", "transcript")), name="interviews_file_kind_known"),
            models.CheckConstraint(condition=Q(size_bytes__gte=1), name="interviews_file_not_empty"),
            models.CheckConstraint(condition=~Q(sealed_key=b""), name="interviews_file_has_key"),
            models.CheckConstraint(
                condition=Q(finished_at=None, sha256="")
                | Q(finished_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="interviews_file_finished_with_hash",
            ),
            models.UniqueConstraint(
                fields=("interview", "kind", "fingerprint", "size_bytes"),
                condition=Q(finished_at=None, removed_at=None),
                name="interviews_one_upload_of_a_file",
                violation_error_message=_("This file is being brought in already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def pieces(self) -> int:
        """Return in how many pieces it comes."""
        return chunk_count(self.size_bytes)

    @property
    def percent(self) -> int:
        """Return how much of it is here, in whole percent."""
        return self.received * 100 // self.pieces


class FileChunk(models.Model):
    """A sealed piece."""

    file = models.ForeignKey(InterviewFile, on_delete=models.PROTECT, related_name="chunks")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("file", "position")
        constraints = (
            models.UniqueConstraint(fields=("file", "position"), name="interviews_one_piece_of_a_place"),
            models.CheckConstraint(condition=~Q(sealed=b""), name="interviews_piece_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"


class TranscriptVersion(models.Model):
    """The text of an interview, sealed with the woman's own key; a masked one is a version of its own."""

    class Form(models.TextChoices):
        ORIGINAL = "original", _("As spoken")
        MASKED = "masked", _("Masked")

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="transcripts")
    number = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=16, choices=Form.choices)
    file = models.ForeignKey(InterviewFile, on_delete=models.PROTECT, null=True, blank=True, related_name="transcripts")
    # Of a masked one: the text that was masked.
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="masked")
    sealed_text = models.BinaryField()
    paragraphs = models.PositiveIntegerField()
    masks = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("interview", "-number")
        constraints = (
            models.UniqueConstraint(fields=("interview", "number"), name="interviews_one_text_of_a_number"),
            models.CheckConstraint(condition=Q(form__in=("original", "masked")), name="interviews_text_form_known"),
            models.CheckConstraint(
                condition=Q(form="original", source=None) | Q(form="masked", source__isnull=False),
                name="interviews_masked_has_source",
            ),
            models.CheckConstraint(condition=~Q(sealed_text=b""), name="interviews_text_not_empty"),
        )

    def __str__(self) -> str:
        return str(self.pk)
