"""What a woman said in her own words, opened by whoever asked her."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.reach import require_may_know
from participants.services.refusals import conflicts_reported
from surveys.models import Submission, SurveyCase
from surveys.own_words import OwnWords
from surveys.schedule import ANSWERED
from surveys.services.corrections import NothingToCorrect, words_of
from surveys.services.waves import require_part


@conflicts_reported
@transaction.atomic
def open_own_words(*, by: User, case: SurveyCase, now: datetime) -> tuple[OwnWords, ...]:
    """Return the texts of an answered survey to the woman's interviewer; that they were opened is on record.

    Raise ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest, ConsentMissing or NothingToCorrect.
    """
    require(by, Permission.COLLECT_SURVEYS)
    require_may_know(by, case.participant, now)
    require_part(case.participant, now)
    if case.status not in ANSWERED:
        raise NothingToCorrect
    stored = Submission.objects.select_related("instrument").get(case=case)
    found = words_of(stored)
    record(
        actor=by,
        action="surveys.open_own_words",
        object_type="survey",
        object_id=case.pk,
        details={"texts": len(found)},
    )
    return found
