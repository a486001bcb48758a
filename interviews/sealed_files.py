"""The key of a file, sealed with the woman's own: destroying hers makes it unreadable."""

from collections.abc import Iterator
from itertools import count

from interviews.chunks import CHUNK_BYTES, Sealing, opened
from interviews.models import FileChunk, InterviewFile
from participants import sealing
from participants.vault import VaultTampered

FILE_KEY = "file key"
TRANSCRIPT = "transcript"


def sealing_of(file: InterviewFile) -> Sealing:
    """Return what seals and opens the pieces of a file. Raise IdentityErased or SealedDataUnreadable."""
    key = sealing.unseal_bytes(file.interview.participant, file.sealed_key, purpose=FILE_KEY)
    return Sealing(key, file.pk, file.size_bytes)


def plain_bytes(file: InterviewFile, seal: Sealing, *, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes `first` to `last` of a file, a piece at a time. Raise SealedDataUnreadable."""
    try:
        yield from opened(seal, _pieces(file, first, last), first=first, last=last)
    except VaultTampered as error:
        raise sealing.SealedDataUnreadable from error


def _pieces(file: InterviewFile, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Read one piece after the other: never two in memory, and no cursor that outlives a connection."""
    for position in count(first // CHUNK_BYTES):
        if position > last // CHUNK_BYTES:
            return
        sealed = FileChunk.objects.filter(file=file, position=position).values_list("sealed", flat=True).first()
        if sealed is None:
            return
        yield position, bytes(sealed)
