"""Keys by which an interviewer's other programs (ODK Collect) send what she asked."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User


class CollectKey(models.Model):
    """A key of one person for one device: kept as a hash, for some days, ended with her sessions."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="collect_keys")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="surveys_key_expires"),
            models.UniqueConstraint(fields=("user",), condition=Q(revoked_at=None), name="surveys_one_key_a_person"),
        )

    def __str__(self) -> str:
        return str(self.pk)
