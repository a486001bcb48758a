"""How a release's files lie in the database: in sealed pieces, under keys derived from the release's secret."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from interviews.chunks import CHUNK_BYTES, Sealing, opened
from panel.models import Release, ReleaseFile, ReleasePiece, ReleaseRevision
from panel.release_files.manifest import sha256_of
from panel.release_keys import derived_key
from participants import sealing
from participants.vault import VaultTampered


class ReleaseDamaged(StudyError):
    """A piece does not open, or the whole is not what was kept."""

    code = "release_damaged"
    message = _("What was kept of this release cannot be read. Tell whoever runs the system.")
    http_status = 500


def keep_file(revision: ReleaseRevision, path: Path, file: ReleaseFile) -> ReleaseFile:
    """Keep a file's bytes in sealed pieces under an unsaved row that says what it is; a piece in memory at a time."""
    file.revision, file.size_bytes, file.sha256 = revision, path.stat().st_size, sha256_of(path)
    file.save(force_insert=True)
    seal = _sealing(revision.release, file)
    with path.open("rb") as content:
        for position in range(file.pieces):
            sealed = seal.seal(position, content.read(CHUNK_BYTES))
            ReleasePiece.objects.create(file=file, position=position, sealed=sealed)
    return file


def file_bytes(release: Release, file: ReleaseFile) -> Iterator[bytes]:
    """Yield a kept file, a piece at a time. Raise ReleaseDamaged, IdentityErased or SealedDataUnreadable."""
    return file_part(release, file, 0, file.size_bytes - 1)


def file_part(release: Release, file: ReleaseFile, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes of a kept file from the first to the last, both with. Raise as `file_bytes`."""
    seal = _sealing(release, file)
    try:
        yield from opened(seal, _pieces(file, first // CHUNK_BYTES, last // CHUNK_BYTES), first=first, last=last)
    except VaultTampered as error:
        raise ReleaseDamaged from error


def bring_out(release: Release, file: ReleaseFile, path: Path) -> Path:
    """Write a kept file to a path, and compare it with its hash. Raise ReleaseDamaged or as `file_bytes`."""
    with path.open("wb") as out:
        out.writelines(file_bytes(release, file))
    if sha256_of(path) != file.sha256:
        raise ReleaseDamaged
    return path


def destroy_files(revision: ReleaseRevision) -> None:
    """Delete the pieces of a revision; what each file was stays on record."""
    ReleasePiece.objects.filter(file__revision=revision).delete()


def forget_content(release: Release) -> None:
    """Delete every piece of a release, and who stands in it; its secret is for the caller to destroy."""
    for revision in release.revisions.all():
        destroy_files(revision)
    release.women.all().delete()


def secret_of(release: Release) -> bytes:
    """Return the release's secret. Raise IdentityErased or SealedDataUnreadable."""
    return sealing.secret_of(release.secret)


def _sealing(release: Release, file: ReleaseFile) -> Sealing:
    return Sealing(derived_key(secret_of(release), f"file {file.pk}"), file.pk, file.size_bytes)


def _pieces(file: ReleaseFile, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Read one piece after the other: never two in memory, and no cursor that outlives a connection."""
    for position in range(first, last + 1):
        sealed = ReleasePiece.objects.filter(file=file, position=position).values_list("sealed", flat=True).first()
        if sealed is None:
            return
        yield position, bytes(sealed)
