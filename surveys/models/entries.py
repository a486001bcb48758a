"""What interviewers' phones sent that had no signal: each by the identifier that the phone made, once.

What was held waits for a decision, and stays kept whatever that is.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from surveys.models.cases import SurveyCase


class PhoneEntryQuerySet(models.QuerySet["PhoneEntry"]):
    """What phones sent, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "PhoneEntryQuerySet":
        """What an interviewer sent herself, an administrator's all; nobody else's."""
        if user.role == Role.INTERVIEWER:
            return self.filter(sent_by=user)
        return self.all() if user.role == Role.ADMINISTRATOR else self.none()

    def held(self) -> "PhoneEntryQuerySet":
        """What was not taken into its own table, decided or not."""
        return self.exclude(held_for="")

    def undecided(self) -> "PhoneEntryQuerySet":
        """What waits for somebody to decide."""
        return self.held().filter(decision=None)


class PhoneEntry(models.Model):
    """One survey, attempt or debriefing from a phone: taken into its own table, or held here whole, with the reason.

    A survey that somebody tied to her case sent by another way is held here too, and one that came after its data were
    locked.
    """

    class Kind(models.TextChoices):
        SURVEY = "survey", _("Survey")
        ATTEMPT = "attempt", _("Attempt")
        DEBRIEF = "debrief", _("How it went")

    class Held(models.TextChoices):
        CLOSED = "survey_closed", _("The survey was closed by then")
        ON_HOLD = "survey_on_hold", _("The survey was on hold by then")
        OTHER_INTERVIEWER = "other_interviewer", _("Somebody else asks her by now")
        OTHER_CONTENT = "other_content", _("Sent twice with different content")
        # The words do not say that whoever asked has to do with her case: they would tell of her.
        TIED = "not_from_account", _("Not taken from this account")
        RESCUED = "from_file", _("It came in a file from a telephone")
        LOCKED = "data_locked", _("It came after the data were locked")

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

    objects: ClassVar[PhoneEntryQuerySet] = PhoneEntryQuerySet.as_manager()  # type: ignore[assignment]

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

    @property
    def participant(self) -> Participant:
        """Whom it is about."""
        return self.case.participant


class EntryDecision(models.Model):
    """What became of one thing that was held: it counts, or it is set aside, and why. It never changes."""

    class Decision(models.TextChoices):
        COUNTS = "counts", _("It counts")
        SET_ASIDE = "set_aside", _("It is set aside")

    class Reason(models.TextChoices):
        ASKED_THEN = "asked_then", _("She was asked then, as it says")
        FULLER = "fuller", _("It says more than what stands")
        SHE_WISHES = "she_wishes", _("She wishes it so")
        REPEATED = "repeated", _("What stands says the same")
        NEWER_STANDS = "newer_stands", _("What stands is newer")
        WRONG_SURVEY = "wrong_survey", _("It belongs to another survey or woman")
        ASKED_ANEW = "asked_anew", _("Somebody else asks her anew")
        TRIED_OUT = "tried_out", _("Somebody only tried the telephone")

    entry = models.OneToOneField(PhoneEntry, on_delete=models.PROTECT, related_name="decision")
    decision = models.CharField(max_length=16, choices=Decision.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-decided_at", "-id")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.decision}"
