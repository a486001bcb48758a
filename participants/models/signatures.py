"""Her signature under a version of the text, and the copy that was frozen with it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.consent_scopes import Scope
from participants.models.people import Participant


class ConsentSignature(models.Model):
    """One signing: what she agreed to then, under which words, before whom. It never changes.

    The copy (PDF) names her and bears her signature: it is sealed with her own key. Its SHA-256 stands in clear, so
    that whoever opens it knows that it is the one she signed.
    """

    class Method(models.TextChoices):
        DRAWN = "drawn", _("Signed on the screen")
        PAPER = "paper", _("Signed on paper")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="signatures")
    text_version = models.CharField(max_length=32)
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices))
    method = models.CharField(max_length=8, choices=Method.choices)
    sealed_copy = models.BinaryField()
    copy_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    witnessed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("participant", "-signed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(method__in=("drawn", "paper")), name="participants_signature_method_known"
            ),
            models.CheckConstraint(
                condition=Q(copy_sha256__regex=r"^[0-9a-f]{64}$"), name="participants_signature_has_hash"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"
