"""The files of interviews: what is here, what is not finished, and their bytes."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet, Sum

from accounts.models import User
from interviews.models import Interview, InterviewFile, TranscriptVersion
from interviews.sealed_files import plain_bytes, sealing_of
from interviews.uploading import Offer


def files_of(interview: Interview) -> QuerySet[InterviewFile]:
    """Return the files of an interview that were not removed, in the order in which they were begun."""
    return interview.files.filter(removed_at=None).select_related("started_by").order_by("started_at", "id")


def transcripts_of(interview: Interview) -> QuerySet[TranscriptVersion]:
    """Return the texts of an interview, the newest first."""
    return interview.transcripts.select_related("made_by", "source").order_by("-number")


def files_visible(user: User) -> QuerySet[InterviewFile]:
    """Return the files of the interviews that an interviewer holds; nobody else opens any."""
    rows = InterviewFile.objects.filter(removed_at=None, interview__participant__interviewer=user)
    return rows.select_related("interview__participant__vault_key")


def unfinished_upload(interview: Interview, offer: Offer) -> InterviewFile | None:
    """Return the upload of the same file that stopped, None if there is none."""
    return (
        interview.files.filter(
            finished_at=None,
            removed_at=None,
            kind=offer.kind,
            size_bytes=offer.size_bytes,
            fingerprint=offer.fingerprint,
        )
        .select_related("interview__participant__vault_key")
        .first()
    )


def bytes_held(interview: Interview) -> int:
    """Return how many bytes the files of an interview come to, those on their way with them."""
    return interview.files.filter(removed_at=None).aggregate(total=Sum("size_bytes"))["total"] or 0


def unfinished_since(before: datetime) -> QuerySet[InterviewFile]:
    """Return the uploads to which nothing came since a moment."""
    return InterviewFile.objects.filter(finished_at=None, removed_at=None, received_at__lt=before).order_by("pk")


def file_bytes(file: InterviewFile, *, first: int, last: int) -> Iterator[bytes]:
    """Return the plain bytes `first` to `last` of a file, read and opened a piece at a time.

    Raise IdentityErased or SealedDataUnreadable at once where the key does not open, and on the way where a piece is
    missing or was altered. For services, which record who opens what.
    """
    return plain_bytes(file, sealing_of(file), first=first, last=last)
