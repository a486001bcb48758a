"""What women agreed to."""

from datetime import date
from typing import TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.ready_queries import Asked
from participants import consent_scopes
from participants.models.people import Participant


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents, as they count on a day."""

    def in_force(self, on: date | Asked) -> "ConsentQuerySet":
        """Those given, not ended, and not overtaken by a text that had to be signed before that day."""
        return self.filter(ended_at=None).filter(Q(lapses_on=None) | Q(lapses_on__gt=on))

    def to_renew(self) -> "ConsentQuerySet":
        """Those that a newer text asks to give again, whether they still count or not."""
        return self.filter(ended_at=None, lapses_on__isnull=False)


class Consent(models.Model):
    """What a woman agreed to, scope by scope, under which version of the text; ended, never deleted.

    `lapses_on`, set by a newer text that must be signed, is the first day on which this consent no longer counts.
    """

    Scope: TypeAlias = consent_scopes.Scope

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=16, choices=consent_scopes.Scope.choices)
    text_version = models.CharField(max_length=32)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    lapses_on = models.DateField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

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
