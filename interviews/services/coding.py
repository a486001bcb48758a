"""Two coders mark a masked text, each by herself; passages are given out masked alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews import queries
from interviews.models import Code, Coding, CodingPass, Interview, TranscriptVersion
from interviews.sealed_files import TRANSCRIPT
from interviews.services.codebook import CodeIsHeading, CodeNotThere
from interviews.services.transcripts import require_may_read
from interviews.transcript_file import Paragraph, from_bytes
from participants import sealing

Form = TranscriptVersion.Form


class NotMasked(StudyError):
    """Coders read masked texts alone."""

    code = "not_masked"
    message = _("Only a masked text is coded.")
    http_status = 409


class TwoCodersAlready(StudyError):
    """Agreement is of two."""

    code = "two_coders_already"
    message = _("Two people are coding this text already.")
    http_status = 409


class CodingFinished(StudyError):
    """What was finished is compared, and changes no more."""

    code = "coding_finished"
    message = _("You finished this text: it changes no more.")
    http_status = 409


class PassageNotThere(StudyError):
    """The passage lies outside of the text, or is empty."""

    code = "passage_not_there"
    message = _("Choose a passage of the text.")
    field = "paragraph"


class NothingCoded(StudyError):
    """Who marked nothing has not begun."""

    code = "nothing_coded"
    message = _("You have not coded anything in this text yet.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Passage:
    """Signs `start` to `end` (not with it) of a paragraph, all from 0; without an end the whole paragraph."""

    paragraph: int
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as it is given out: the interview by its number, the paragraph from 1, who said it, which coder."""

    interview: Interview
    paragraph: int
    speaker: str
    text: str
    coder: int


@transaction.atomic
def code_passage(*, by: User, transcript: TranscriptVersion, code: Code, passage: Passage, now: datetime) -> Coding:
    """Mark a passage with a code; the same once more changes nothing.

    Raise NotMasked, TwoCodersAlready, CodingFinished, PassageNotThere, CodeNotThere, CodeIsHeading, or as
    `open_transcript`.
    """
    require(by, Permission.CODE_INTERVIEWS)
    text = _text(by, transcript, now)
    own = _own_pass(by, transcript, now)
    if code.merged_into_id:
        raise CodeNotThere
    if code.is_heading:
        raise CodeIsHeading
    if not 0 <= passage.paragraph < len(text):
        raise PassageNotThere
    end = len(text[passage.paragraph].text) if passage.end is None else passage.end
    if not 0 <= passage.start < end <= len(text[passage.paragraph].text):
        raise PassageNotThere
    place = {"code": code, "paragraph": passage.paragraph, "start": passage.start, "end": end}
    coding, is_new = Coding.objects.get_or_create(coding_pass=own, removed_at=None, **place, defaults={"coded_at": now})
    if is_new:
        _record(by, "interviews.code", transcript, {"code": str(code.pk), "paragraph": passage.paragraph + 1})
    return coding


@transaction.atomic
def remove_coding(*, by: User, coding: Coding, now: datetime) -> Coding:
    """Take a mark back; the row stays. Raise CodingFinished."""
    require(by, Permission.CODE_INTERVIEWS)
    rows = Coding.objects.select_for_update(of=("self",)).select_related("coding_pass__transcript")
    locked = rows.get(pk=coding.pk)
    if locked.coding_pass.coder_id != by.pk or locked.coding_pass.finished_at is not None:
        raise CodingFinished
    if locked.removed_at is None:
        locked.removed_at = now
        locked.save(update_fields=["removed_at"])
        _record(by, "interviews.uncode", locked.coding_pass.transcript, {"code": str(locked.code_id)})
    return locked


@transaction.atomic
def finish_coding(*, by: User, transcript: TranscriptVersion, now: datetime) -> CodingPass:
    """Say that a text is coded; once both have, their agreement is shown. Raise CodingFinished or NothingCoded."""
    require(by, Permission.CODE_INTERVIEWS)
    own = CodingPass.objects.select_for_update().filter(transcript=transcript, coder=by).first()
    if own is None or not own.codings.filter(removed_at=None).exists():
        raise NothingCoded
    if own.finished_at is not None:
        raise CodingFinished
    own.finished_at = now
    own.save(update_fields=["finished_at"])
    _record(by, "interviews.finish_coding", transcript, {"place": own.place})
    return own


@transaction.atomic
def open_excerpts(*, by: User, code: Code, now: datetime) -> list[Excerpt]:
    """Give out the passages with a code that two coders finished, or she herself: of masked texts alone, on record.

    Women who ended their consent, or were erased, are left out.
    """
    require(by, Permission.CODE_INTERVIEWS)
    readable = queries.texts_readable(by, timezone.localdate(now))
    texts: dict[int, list[Paragraph]] = {}
    found = []
    for coding in queries.passages_with(code, readable, reader=by):
        transcript = coding.coding_pass.transcript
        if transcript.pk not in texts:
            texts[transcript.pk] = _text(by, transcript, now)
        row = texts[transcript.pk][coding.paragraph]
        said = row.text[coding.start : coding.end]
        place = coding.coding_pass.place
        found.append(Excerpt(transcript.interview, coding.paragraph + 1, row.speaker, said, place))
    record(
        actor=by,
        action="interviews.open_excerpts",
        object_type="code",
        object_id=str(code.pk),
        details={"excerpts": len(found), "transcripts": sorted(texts)},
    )
    return found


def _text(by: User, transcript: TranscriptVersion, now: datetime) -> list[Paragraph]:
    if transcript.form != Form.MASKED:
        raise NotMasked
    woman = transcript.interview.participant
    require_may_read(by, woman, now, is_masked=True)
    return from_bytes(sealing.unseal_bytes(woman, transcript.sealed_text, purpose=TRANSCRIPT))


def _own_pass(by: User, transcript: TranscriptVersion, now: datetime) -> CodingPass:
    """Return her going through the text, begun if there is a place; the text's row is locked."""
    TranscriptVersion.objects.select_for_update(of=("self",)).get(pk=transcript.pk)
    passes = {row.coder_id: row for row in CodingPass.objects.filter(transcript=transcript)}
    own = passes.get(by.pk)
    if own is not None and own.finished_at is not None:
        raise CodingFinished
    if own is not None:
        return own
    free = [place for place in CodingPass.PLACES if place not in {row.place for row in passes.values()}]
    if not free:
        raise TwoCodersAlready
    return CodingPass.objects.create(transcript=transcript, coder=by, place=free[0], started_at=now)


def _record(by: User, action: str, transcript: TranscriptVersion, details: dict[str, object]) -> None:
    record(
        actor=by,
        action=action,
        object_type="interview",
        object_id=transcript.interview_id,
        details={"transcript": transcript.pk, **details},
    )
