"""What women agreed to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from participants.models.people import Participant


class Consent(models.Model):
    """What a woman agreed to, scope by scope, under which version of the text; ended, never deleted."""

    class Scope(models.TextChoices):
        VISITS = "visits", _("Home visits")
        SURVEYS = "surveys", _("Surveys")
        INTERVIEW = "interview", _("Interview")
        AUDIO = "audio", _("Audio recording")
        LINKAGE = "linkage", _("Use of the reports at the station")
        RECONTACT = "recontact", _("Contact after the study")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=16, choices=Scope.choices)
    text_version = models.CharField(max_length=32)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("participant", "scope", "given_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "scope"),
                condition=Q(ended_at=None),
                name="participants_one_consent_in_force",
                violation_error_message=_("This consent is already in force."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")),
                name="participants_consent_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.scope}"
