"""What interviewers' phones sent that had no signal: each by the identifier that the phone made, once."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from surveys.models.cases import SurveyCase


class PhoneEntry(models.Model):
    """One survey, attempt or debriefing from a phone: taken into its own table, or held here whole, with the reason."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("Survey")
        ATTEMPT = "attempt", _("Attempt")
        DEBRIEF = "debrief", _("How it went")

    class Held(models.TextChoices):
        CLOSED = "survey_closed", _("The survey was closed by then")
        ON_HOLD = "survey_on_hold", _("The survey was on hold by then")
        OTHER_INTERVIEWER = "other_interviewer", _("Somebody else asks her by now")
        OTHER_CONTENT = "other_content", _("Sent twice with different content")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SurveyCase, on_delete=models.PROTECT, related_name="phone_entries")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # By the phone's clock; that of the server was so many seconds behind it.
    made_at = models.DateTimeField()
    clock_skew_s = models.IntegerField(null=True, blank=True)
    received_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Keyed: whoever has the database cannot guess from it what was said.
    content_hmac = models.CharField(max_length=64)
    held_for = models.CharField(max_length=32, choices=Held.choices, blank=True)
    # The whole as it was sent, with the woman's own key; only of what is held.
    sealed_content = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(held_for="", sealed_content=None) | (~Q(held_for="") & Q(sealed_content__isnull=False)),
                name="surveys_held_entry_is_whole",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
