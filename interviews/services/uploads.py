"""Bringing in a recording or a transcript, piece by piece: it goes on where a connection or a page was lost."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews import queries
from interviews.chunks import chunk_size, new_file_key
from interviews.file_formats import Kind, format_of
from interviews.models import FileChunk, Interview, InterviewFile
from interviews.sealed_files import FILE_KEY, sealing_of
from interviews.services.transcripts import keep_original
from interviews.uploading import Offer, exceeds_quota, is_too_large
from participants import sealing
from participants.consent_scopes import Feature
from participants.reach import require_consent, require_reach

UNFINISHED_KEPT = timedelta(days=3)
_FEATURE_OF = {Kind.AUDIO: Feature.RECORD_AUDIO, Kind.TRANSCRIPT: Feature.INTERVIEW}


class InterviewNotHeld(StudyError):
    """What was not held has nothing to bring in."""

    code = "interview_not_held"
    message = _("Write first that it was held, and what she said about the recording.")
    http_status = 409


class RecordingNotAgreed(StudyError):
    """Before the recorder was switched on she said no."""

    code = "recording_not_agreed"
    message = _("She did not agree to be recorded: there is no recording to bring in.")
    http_status = 409


class FileTooLarge(StudyError):
    """A recording of hours fits in half a gibibyte, a transcript in far less."""

    code = "file_too_large"
    message = _("The file is too large: recordings up to 500 MB, transcripts up to 20 MB.")
    http_status = 413


class QuotaExceeded(StudyError):
    """One interview does not fill the disk."""

    code = "quota_exceeded"
    message = _("This interview holds too much already. Remove a file that is not needed.")
    http_status = 413


class FormatNotTaken(StudyError):
    """By how it begins, the file is none of those that are taken."""

    code = "format_not_taken"
    message = _(
        "This is no file of a kind that is taken: recordings as WAV, MP3, M4A, Ogg, WebM or FLAC; transcripts as text, "
        "Word (.docx) or OpenDocument (.odt)."
    )
    http_status = 415


class PieceOutOfOrder(StudyError):
    """Pieces come one after the other: ask how many are here."""

    code = "piece_out_of_order"
    message = _("A piece before this one is missing.")
    http_status = 409


class PieceDamaged(StudyError):
    """It is not as long as it should be, or changed on its way."""

    code = "piece_damaged"
    message = _("This piece did not arrive whole.")
    http_status = 400


class UploadNotOpen(StudyError):
    """It was finished or removed meanwhile."""

    code = "upload_not_open"
    message = _("This file is not being brought in any more.")
    http_status = 409


@transaction.atomic
def begin_upload(*, by: User, interview: Interview, offer: Offer, now: datetime) -> InterviewFile:
    """Begin to bring a file in, or go on with the same one where it stopped.

    Raise InterviewNotHeld, RecordingNotAgreed, FileTooLarge, QuotaExceeded, ConsentMissing or ParticipantOutOfReach.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = Interview.objects.select_for_update(of=("self",)).select_related("participant").get(pk=interview.pk)
    _require_may_bring(by, locked, offer.kind, now)
    same = queries.unfinished_upload(locked, offer)
    if same is not None:
        _record(by, "interviews.resume_upload", same)
        return same
    if is_too_large(offer):
        raise FileTooLarge
    if exceeds_quota(queries.bytes_held(locked), offer):
        raise QuotaExceeded
    begun = InterviewFile.objects.create(
        interview=locked,
        kind=offer.kind,
        size_bytes=offer.size_bytes,
        fingerprint=offer.fingerprint,
        sealed_key=sealing.seal_bytes(locked.participant, new_file_key(), purpose=FILE_KEY),
        started_by=by,
        started_at=now,
        received_at=now,
    )
    _record(by, "interviews.begin_upload", begun)
    return begun


@transaction.atomic
def receive_piece(
    *, by: User, file: InterviewFile, position: int, content: bytes, sha256: str, now: datetime
) -> InterviewFile:
    """Seal and keep the next piece of a file (a MiB; the last what is left); one that is here already changes nothing.

    `sha256` is the piece's own, "" where the browser cannot say. Raise UploadNotOpen, PieceOutOfOrder, PieceDamaged,
    FormatNotTaken, or as `begin_upload`.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = _open_upload(file)
    _require_may_bring(by, locked.interview, locked.kind, now)
    if position > locked.received:
        raise PieceOutOfOrder
    if position < locked.received:
        return locked
    is_whole = len(content) == chunk_size(locked.size_bytes, position) > 0
    if not is_whole or (sha256 and hashlib.sha256(content).hexdigest() != sha256):
        raise PieceDamaged
    if position == 0:
        found = format_of(locked.kind, content)
        if found is None:
            raise FormatNotTaken
        locked.file_format = found
        _record(by, "interviews.receive_file", locked)
    sealed = sealing_of(locked).seal(position, content)
    FileChunk.objects.create(file=locked, position=position, sealed=sealed)
    locked.received, locked.received_at = position + 1, now
    locked.save(update_fields=["received", "received_at", "file_format"])
    return locked


@transaction.atomic
def finish_upload(*, by: User, file: InterviewFile, now: datetime) -> InterviewFile:
    """Open every piece, keep the SHA-256 of the whole, and take the text out of a transcript.

    A file that is finished stays as it is. Raise UploadNotOpen, PieceOutOfOrder, transcripts.TranscriptNotTaken,
    SealedDataUnreadable, or as `begin_upload`.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = _locked(file)
    if locked.finished_at is not None:
        return locked
    _require_may_bring(by, locked.interview, locked.kind, now)
    if locked.removed_at is not None:
        raise UploadNotOpen
    if locked.received != locked.pieces:
        raise PieceOutOfOrder
    digest, held = hashlib.sha256(), bytearray()
    for piece in queries.file_bytes(locked, first=0, last=locked.size_bytes - 1):
        digest.update(piece)
        if locked.kind == Kind.TRANSCRIPT:
            held += piece
    locked.finished_at, locked.sha256 = now, digest.hexdigest()
    locked.save(update_fields=["finished_at", "sha256"])
    if locked.kind == Kind.TRANSCRIPT:
        keep_original(by, locked, bytes(held), now)
    _record(by, "interviews.finish_upload", locked)
    return locked


@transaction.atomic
def remove_file(*, by: User, file: InterviewFile, now: datetime) -> InterviewFile:
    """Destroy the pieces of a file that was brought by mistake; what was read out of it stays. Raise UploadNotOpen."""
    require(by, Permission.HOLD_INTERVIEWS)
    locked = _locked(file)
    require_reach(by, locked.interview.participant, now)
    if locked.removed_at is not None:
        raise UploadNotOpen
    _destroy([locked], now)
    _record(by, "interviews.remove_file", locked)
    return locked


@transaction.atomic
def drop_unfinished(*, by: Actor, now: datetime) -> int:
    """Destroy the pieces of files of which nothing came for three days; return how many files. Safe to run again."""
    require(by, Permission.HOLD_INTERVIEWS)
    stale = list(queries.unfinished_since(now - UNFINISHED_KEPT).select_for_update(skip_locked=True))
    _destroy(stale, now)
    record(actor=by, action="interviews.drop_unfinished", object_type="interview", details={"files": len(stale)})
    return len(stale)


def _destroy(files: Sequence[InterviewFile], now: datetime) -> None:
    FileChunk.objects.filter(file__in=files).delete()
    InterviewFile.objects.filter(pk__in=[file.pk for file in files]).update(removed_at=now)


def _require_may_bring(by: User, interview: Interview, kind: str, now: datetime) -> None:
    require_reach(by, interview.participant, now)
    require_consent(interview.participant, Feature.INTERVIEW, now)
    require_consent(interview.participant, _FEATURE_OF[Kind(kind)], now)
    if interview.status != Interview.Status.DONE:
        raise InterviewNotHeld
    if kind == Kind.AUDIO and not interview.audio_agreed:
        raise RecordingNotAgreed


def _open_upload(file: InterviewFile) -> InterviewFile:
    locked = _locked(file)
    if locked.finished_at is not None or locked.removed_at is not None:
        raise UploadNotOpen
    return locked


def _locked(file: InterviewFile) -> InterviewFile:
    rows = InterviewFile.objects.select_for_update(of=("self",))
    return rows.select_related("interview__participant__vault_key").get(pk=file.pk)


def _record(by: User, action: str, file: InterviewFile) -> None:
    record(
        actor=by,
        action=action,
        object_type="interview",
        object_id=file.interview_id,
        details={"file": str(file.pk), "kind": file.kind, "bytes": file.size_bytes, "format": file.file_format},
    )
