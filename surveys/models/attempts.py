"""Tries to reach a woman for a survey, and what came of each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import ContactOverride
from participants.safe_contact import Contact
from surveys.models.cases import SurveyCase


class CallAttempt(models.Model):
    """One try: when, by which way, what came of it, and when the next one was agreed or is planned."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("She agreed on another time")
        NO_ANSWER = "no_answer", _("Nobody answered")
        SOMEONE_ELSE = "someone_else", _("Somebody else answered; nothing was said")
        NOT_ALONE = "not_alone", _("She was not alone")
        NOT_NOW = "not_now", _("She could not talk now")
        UNREACHABLE = "unreachable", _("The number or the address does not serve any more")
        DECLINED = "declined", _("She prefers not to answer this time")

    case = models.ForeignKey(SurveyCase, on_delete=models.PROTECT, related_name="attempts")
    attempted_at = models.DateTimeField()
    channel = models.CharField(max_length=16, choices=Contact.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    next_at = models.DateTimeField(null=True, blank=True)
    # Why she was tried outside her safe times, if she was; the sentence is sealed with her own key.
    outside_reason = models.CharField(max_length=16, choices=ContactOverride.Reason.choices, blank=True)
    sealed_reason = models.BinaryField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-attempted_at", "-id")
        indexes = (models.Index(fields=("case", "-attempted_at"), name="surveys_attempts_of_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "attempted_at"),
                name="surveys_one_attempt_a_moment",
                violation_error_message=_("This attempt is written down already."),
            ),
            models.CheckConstraint(
                condition=Q(next_at=None) | Q(next_at__gt=F("attempted_at")),
                name="surveys_next_attempt_after",
                violation_error_message=_("The next attempt must come after this one."),
            ),
            models.CheckConstraint(
                condition=Q(outside_reason="", sealed_reason=None)
                | (~Q(outside_reason="") & Q(sealed_reason__isnull=False)),
                name="surveys_outside_has_sentence",
                violation_error_message=_("Write in a sentence why she must be reached at this time."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"
