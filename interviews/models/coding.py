"""The codebook, and what two coders mark with it, each by herself."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interviews.code_tree import COLOURS, CodeNode
from interviews.models.files import TranscriptVersion


class Code(models.Model):
    """A category of the codebook; its id is the guid by which other programs know it. Merged ones stay, for history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    memo = models.TextField(blank=True, max_length=2000)
    # A place in code_tree.COLOURS.
    colour = models.PositiveSmallIntegerField(default=0)
    # It only holds others together: nothing is marked with it.
    is_heading = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(merged_into=None),
                name="interviews_code_name_once",
                violation_error_message=_("There is a code of this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="interviews_code_named"),
            models.CheckConstraint(condition=Q(colour__lt=len(COLOURS)), name="interviews_code_colour_known"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="interviews_code_not_under_itself"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def node(self) -> CodeNode:
        """Return the code as the tree takes it."""
        return CodeNode(self.pk, self.name, self.parent_id, self.merged_into_id)


class CodeChange(models.Model):
    """One act on a code: what it was before and after."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        MERGED = "merged", _("Merged")
        IMPORTED = "imported", _("Imported")

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "-changed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("added", "changed", "merged", "imported")), name="interviews_change_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code_id} {self.kind}"


class CodingPass(models.Model):
    """One coder's going through a masked text. There are two places; neither sees the other's until both are done."""

    PLACES = (1, 2)

    transcript = models.ForeignKey(TranscriptVersion, on_delete=models.PROTECT, related_name="passes")
    coder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("transcript", "place")
        constraints = (
            models.UniqueConstraint(fields=("transcript", "place"), name="interviews_two_coders"),
            models.UniqueConstraint(fields=("transcript", "coder"), name="interviews_coder_once"),
            models.CheckConstraint(condition=Q(place__in=(1, 2)), name="interviews_place_known"),
        )

    def __str__(self) -> str:
        return f"{self.transcript_id} {self.place}"


class Coding(models.Model):
    """A passage with a code: signs `start` to `end` (not with it) of a paragraph, both numbered from 0."""

    coding_pass = models.ForeignKey(CodingPass, on_delete=models.PROTECT, related_name="codings")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="codings")
    paragraph = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    coded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("coding_pass", "paragraph", "start", "id")
        constraints = (
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="interviews_passage_not_empty"),
            models.UniqueConstraint(
                fields=("coding_pass", "code", "paragraph", "start", "end"),
                condition=Q(removed_at=None),
                name="interviews_passage_coded_once",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
