"""A survey corrected afterwards: a new version with a reason; what stood before is kept and never changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.reach import require_may_know
from participants.sealing import unseal_bytes
from participants.services.refusals import conflicts_reported
from protocol.locked_data import locked_data_told
from surveys.models import Submission, SubmissionVersion, SurveyCase
from surveys.own_words import OwnWords, own_words
from surveys.schedule import ANSWERED
from surveys.services.answers import (
    INSTANCE,
    NotASurvey,
    answers_kept,
    read_sent,
    tell_of_child,
    tells_of_child,
    write_submission,
)
from surveys.services.versions import keep_version
from surveys.services.waves import require_part


class NothingToCorrect(StudyError):
    """Only what was answered can be corrected."""

    code = "nothing_to_correct"
    message = _("This survey has no answers that could be corrected.")
    http_status = 409


@conflicts_reported
@locked_data_told()
@transaction.atomic
def correct_survey(
    *, by: User, case: SurveyCase, content: bytes, reason: SubmissionVersion.Reason, now: datetime
) -> Submission:
    """Let a survey say what this submission says, scored anew; the version before stays with the reason.

    The same answers and words again change nothing; danger to a child is told, as it is no answer. Raise
    ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest, ConsentMissing, NothingToCorrect, DataIsLocked,
    InstrumentNotLoaded or NotASurvey.
    """
    require(by, Permission.COLLECT_SURVEYS)
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).select_related("participant").get(pk=case.pk)
    require_may_know(by, participant, now)
    require_part(participant, now)
    if locked.status not in ANSWERED:
        raise NothingToCorrect
    stored = locked.submission
    # What may be answered on a day is judged by the day on which she was asked.
    sent = read_sent(locked, content, stored.submitted_at)
    if sent.outcome not in ANSWERED:
        raise NotASurvey
    answers = answers_kept(sent)
    if tells_of_child(content):
        tell_of_child(locked, author=by, now=now)
    said = own_words(sent.content, sent.instrument.content["questions"])
    if (answers, said) == (stored.answers, words_of(stored)):
        return stored
    version = keep_version(stored, reason, author=by, now=now)
    # When she was asked, and by whom, is as it was; who corrects it stands with the version before.
    asker, asked_at = stored.submitted_by or by, stored.submitted_at
    write_submission(stored, sent, answers, sent.content, author=asker, now=now, answered_at=asked_at)
    if locked.status != sent.outcome:
        locked.status, locked.status_changed_at = sent.outcome, now
        locked.save(update_fields=["status", "status_changed_at"])
    record(
        actor=by,
        action="surveys.correct",
        object_type="survey",
        object_id=locked.pk,
        reason=reason,
        details={"version": version.number + 1, "findings": len(stored.findings)},
    )
    return stored


def words_of(stored: Submission) -> tuple[OwnWords, ...]:
    """Return what a survey holds in her own words, unsealed; whoever asks was let in before."""
    if stored.sealed_instance is None:
        return ()
    whole = unseal_bytes(stored.case.participant, stored.sealed_instance, purpose=INSTANCE)
    return own_words(whole, stored.instrument.content["questions"])
