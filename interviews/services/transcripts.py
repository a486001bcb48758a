"""The texts of interviews: read out of what was brought, and opened on record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews.models import Interview, InterviewFile, TranscriptVersion
from interviews.sealed_files import TRANSCRIPT
from interviews.transcript_file import (
    Paragraph,
    TranscriptTooLarge,
    TranscriptUnreadable,
    as_bytes,
    from_bytes,
    read_transcript,
)
from participants import sealing
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import has_conflict
from participants.reach import ConflictOfInterest, require_consent, require_reach

Form = TranscriptVersion.Form


class TranscriptNotTaken(StudyError):
    """The file is damaged, empty, or unpacks to far more than a talk."""

    code = "transcript_not_taken"
    message = _("No text could be read from this file. Open it, save it again as .docx, .odt or .txt, and bring that.")
    http_status = 422


def keep_original(person: User, file: InterviewFile, content: bytes, now: datetime) -> TranscriptVersion:
    """Keep what a transcript says as a text of its own; within the caller's transaction. Raise TranscriptNotTaken."""
    try:
        paragraphs = read_transcript(content, file.file_format)
    except (TranscriptUnreadable, TranscriptTooLarge) as error:
        raise TranscriptNotTaken from error
    return keep_text(person, file.interview, paragraphs, now, form=Form.ORIGINAL, file=file)


def keep_text(
    person: User, interview: Interview, paragraphs: list[Paragraph], now: datetime, **fields: object
) -> TranscriptVersion:
    """Seal a text as the next version of an interview; within the caller's transaction, which holds a lock on it."""
    last = interview.transcripts.order_by("-number").values_list("number", flat=True).first() or 0
    return TranscriptVersion.objects.create(
        interview=interview,
        number=last + 1,
        sealed_text=sealing.seal_bytes(interview.participant, as_bytes(paragraphs), purpose=TRANSCRIPT),
        paragraphs=len(paragraphs),
        made_by=person,
        made_at=now,
        **fields,
    )


@transaction.atomic
def open_transcript(*, by: User, transcript: TranscriptVersion, now: datetime) -> list[Paragraph]:
    """Open a text for whoever may read it now, on record: her interviewer every one, coders the masked ones.

    Raise PermissionMissing, ParticipantOutOfReach, ConsentMissing, ConflictOfInterest, IdentityErased or
    SealedDataUnreadable.
    """
    woman = transcript.interview.participant
    require_may_read(by, woman, now, is_masked=transcript.form == Form.MASKED)
    paragraphs = from_bytes(sealing.unseal_bytes(woman, transcript.sealed_text, purpose=TRANSCRIPT))
    record(
        actor=by,
        action="interviews.open_transcript",
        object_type="participant",
        object_id=woman.study_code,
        details={"interview": transcript.interview_id, "transcript": transcript.pk, "form": transcript.form},
    )
    return paragraphs


def require_may_read(person: User, woman: Participant, now: datetime, *, is_masked: bool) -> None:
    """Let pass who may read a text of hers. What she ended her consent to is read by nobody any more."""
    if not (is_masked and person.has(Permission.CODE_INTERVIEWS)):
        require(person, Permission.HOLD_INTERVIEWS)
        require_reach(person, woman, now)
        if has_conflict(person, woman):
            raise ConflictOfInterest
    require_consent(woman, Feature.INTERVIEW, now)
