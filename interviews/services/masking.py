"""Masking a text: suggestions are opened with it, and what the interviewer accepts makes a new version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews.masking import Mask, Suggestion, masked, occurrences, suggestions
from interviews.models import Interview, TranscriptVersion
from interviews.sealed_files import TRANSCRIPT
from interviews.services.transcripts import keep_text, open_transcript, require_may_read
from interviews.transcript_file import Paragraph, from_bytes
from participants import sealing
from stations.queries import district_names

Form = TranscriptVersion.Form


class NothingToMask(StudyError):
    """A masked text is made of one that was not masked yet."""

    code = "nothing_to_mask"
    message = _("This text is masked already: mask the one that it was made of.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class OpenedText:
    """A text with what may have to be masked in it."""

    paragraphs: list[Paragraph]
    suggestions: list[Suggestion]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words that the rules did not find, and what they are."""

    words: str
    mask: Mask


@transaction.atomic
def open_to_mask(*, by: User, transcript: TranscriptVersion, now: datetime) -> OpenedText:
    """Open a text of hers for her interviewer, on record, with suggestions for one that is not masked.

    Raise as `open_transcript`.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    paragraphs = open_transcript(by=by, transcript=transcript, now=now)
    found = suggestions(paragraphs, places=district_names().values()) if transcript.form == Form.ORIGINAL else []
    record(
        actor=by,
        action="interviews.suggest_masks",
        object_type="interview",
        object_id=transcript.interview_id,
        details={"transcript": transcript.pk, "suggestions": len(found)},
    )
    return OpenedText(paragraphs, found)


@transaction.atomic
def mask_transcript(
    *,
    by: User,
    transcript: TranscriptVersion,
    accepted: Collection[tuple[int, int, int]],
    own_words: Sequence[OwnWords],
    now: datetime,
) -> TranscriptVersion:
    """Keep a masked version: the suggestions accepted (paragraph, start, end), and every place of her own words.

    Coders read the newest one. Raise NothingToMask, or as `open_transcript`.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = Interview.objects.select_for_update(of=("self",)).select_related("participant__vault_key")
    interview = locked.get(pk=transcript.interview_id)
    require_may_read(by, interview.participant, now, is_masked=False)
    if transcript.form != Form.ORIGINAL:
        raise NothingToMask
    paragraphs = from_bytes(sealing.unseal_bytes(interview.participant, transcript.sealed_text, purpose=TRANSCRIPT))
    found = suggestions(paragraphs, places=district_names().values())
    places = [one for one in found if (one.paragraph, one.start, one.end) in set(accepted)]
    for own in own_words:
        places += occurrences(paragraphs, own.words, mask=own.mask)
    made = keep_text(
        by, interview, masked(paragraphs, places), now, form=Form.MASKED, source=transcript, masks=len(set(places))
    )
    record(
        actor=by,
        action="interviews.mask",
        object_type="interview",
        object_id=interview.pk,
        details={"transcript": made.pk, "from": transcript.pk, "masks": made.masks, "suggested": len(found)},
    )
    return made
