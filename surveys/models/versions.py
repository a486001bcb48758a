"""What a survey said before it was corrected, and what two people read on its paper; never changed afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from surveys.models.cases import Submission, SurveyCase
from surveys.models.instruments import Instrument


class SubmissionVersion(models.Model):
    """One version of a survey that a later one replaced: as it stood, who corrected it, when and why."""

    class Reason(models.TextChoices):
        SLIP = "slip", _("A slip while writing")
        MISHEARD = "misheard", _("She was misunderstood")
        PAPER = "paper", _("The paper says otherwise")
        SHE_ASKED = "she_asked", _("She asked to have it corrected")
        QUERY = "query", _("In answer to a query")
        # Of what came of itself, never chosen by hand: a survey that went on, and the decision about what was held.
        WENT_ON = "went_on", _("It went on where it had been broken off")
        KEPT_ASIDE = "kept_aside", _("What had been kept aside counts instead")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    scores = models.JSONField(default=dict)
    is_complete = models.BooleanField()
    sealed_instance = models.BinaryField(null=True, blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason.choices)

    class Meta:
        ordering = ("submission", "number")
        constraints = (
            models.UniqueConstraint(fields=("submission", "number"), name="surveys_one_version_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.number}"


class PaperEntry(models.Model):
    """What one person read on the paper of a survey. Two enter it, each without seeing what the other wrote."""

    case = models.ForeignKey(SurveyCase, on_delete=models.PROTECT, related_name="paper_entries")
    position = models.PositiveSmallIntegerField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    # The whole as it was entered, sealed with the woman's own key.
    sealed_instance = models.BinaryField()

    class Meta:
        ordering = ("case", "position")
        constraints = (
            models.UniqueConstraint(fields=("case", "position"), name="surveys_one_entry_of_a_position"),
            models.UniqueConstraint(
                fields=("case", "entered_by"),
                name="surveys_two_people_enter",
                violation_error_message=_("Somebody else must enter it the second time."),
            ),
            models.CheckConstraint(condition=Q(position__in=(1, 2)), name="surveys_two_entries"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.position}"
