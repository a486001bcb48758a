"""Opening what was brought in, on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews import queries
from interviews.file_formats import MEDIA_TYPES, Kind
from interviews.models import InterviewFile
from interviews.ranges import RangeNotSatisfiable, byte_range
from interviews.services.transcripts import require_may_read
from participants.consent_scopes import Feature
from participants.reach import require_consent


class FileNotWhole(StudyError):
    """It is still being brought in."""

    code = "file_not_whole"
    message = _("This file is not here whole yet.")
    http_status = 409


class BytesNotThere(StudyError):
    """What was asked for lies outside of the file."""

    code = "bytes_not_there"
    message = _("The file is not that long.")
    http_status = 416


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it goes out: its bytes `first` to `last` in pieces, and whether that is a part that was asked for."""

    content: Iterator[bytes]
    first: int
    last: int
    size_bytes: int
    is_part: bool
    media_type: str
    name: str


@transaction.atomic
def open_file(*, by: User, file: InterviewFile, wanted: str, now: datetime) -> OpenedFile:
    """Open a recording or a transcript as it was brought, or the range of bytes `wanted` (an HTTP header; "" for all).

    Raise FileNotWhole, BytesNotThere, or as `transcripts.open_transcript`.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    woman = file.interview.participant
    require_may_read(by, woman, now, is_masked=False)
    if file.kind == Kind.AUDIO:
        require_consent(woman, Feature.RECORD_AUDIO, now)
    if file.finished_at is None or file.removed_at is not None:
        raise FileNotWhole
    try:
        part = byte_range(wanted, file.size_bytes)
    except RangeNotSatisfiable as error:
        raise BytesNotThere from error
    first, last = part or (0, file.size_bytes - 1)
    content = queries.file_bytes(file, first=first, last=last)
    record(
        actor=by,
        action="interviews.open_file",
        object_type="participant",
        object_id=woman.study_code,
        details={"interview": file.interview_id, "file": str(file.pk), "kind": file.kind, "from": first, "to": last},
    )
    name = f"{file.interview.code}.{file.file_format}"
    return OpenedFile(content, first, last, file.size_bytes, part is not None, MEDIA_TYPES[file.file_format], name)
