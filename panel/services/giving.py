"""Giving a release to its owner, making it again to compare, and ending it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel.building import request_build
from panel.models import Release, ReleaseFile, ReleaseWoman
from panel.reading import by_key
from panel.release_files.manifest import sha256_of
from panel.release_states import HELD, ReleaseState
from panel.services.arms import require_arm
from panel.services.asking import described
from panel.services.packing import pack
from panel.services.release_store import file_part, forget_content
from participants.services import destroy_secret


class ReleaseNotYours(StudyError):
    """What was asked for by one is given to one."""

    code = "release_not_yours"
    message = _("Only whoever asked for a release gets it.")
    http_status = 403


class ReleaseNotReady(StudyError):
    """It is still being made, waits, or is over."""

    code = "release_not_ready"
    message = _("This release is not ready.")
    http_status = 409


class ReleaseOutdated(StudyError):
    """Somebody in it does not agree any more; it is being made again without her."""

    code = "release_outdated"
    message = _("This release is being made again without the data of somebody who ended her consent. Come back soon.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class OpenedRelease:
    """An archive on its way out; `part` reads its bytes from the first to the last, both with."""

    name: str
    size_bytes: int
    sha256: str
    part: Callable[[int, int], Iterator[bytes]]

    @property
    def content(self) -> Iterator[bytes]:
        """Return the whole, a piece at a time."""
        return self.part(0, self.size_bytes - 1)


@transaction.atomic
def open_release(*, by: User, release: Release, now: datetime, token_id: int | None = None) -> OpenedRelease:
    """Give the archive to whoever asked for it, on record each time.

    Consents are asked on the day: nobody gets a file with a woman who does not agree any more. Raise ReleaseNotYours,
    ReleaseNotReady or ReleaseOutdated.
    """
    require(by, Permission.EXPORT_PANEL)
    locked = _locked(release)
    if locked.requested_by_id != by.pk:
        raise ReleaseNotYours
    if locked.with_arm:
        require_arm(by)
    today = timezone.localdate(now)
    if locked.state != ReleaseState.READY or locked.kept_until < today:
        raise ReleaseNotReady
    if ReleaseWoman.objects.filter(release=locked).not_allowed_on(today).exists():
        raise ReleaseOutdated
    file = _archive(locked)
    locked.downloaded_revision = locked.revision
    locked.save(update_fields=["downloaded_revision"])
    record(
        actor=by,
        action="panel.download_release",
        **described(locked, {"sha256": file.sha256, "bytes": file.size_bytes, **by_key(token_id)}),
    )
    return OpenedRelease(file.name, file.size_bytes, file.sha256, partial(file_part, locked, file))


@transaction.atomic
def rebuild_release(*, by: Actor, release: Release, folder: Path) -> bool:
    """Pack what was frozen once more and say whether it is the same byte for byte as what was given out.

    Raise ReleaseNotReady or ReleaseDamaged.
    """
    require(by, Permission.MAKE_RELEASES)
    locked = _locked(release)
    if locked.state != ReleaseState.READY:
        raise ReleaseNotReady
    archive, _rows = pack(locked, locked.revisions.get(number=locked.revision), folder)
    is_same = sha256_of(archive) == _archive(locked).sha256
    record(actor=by, action="panel.rebuild_release", **described(locked, {"is_same": is_same}))
    return is_same


@transaction.atomic
def retry_release(*, by: User, release: Release, now: datetime) -> Release:
    """Let one that failed be made once more, by its owner's wish. Raise ReleaseNotYours or ReleaseNotReady."""
    require(by, Permission.EXPORT_PANEL)
    locked = _own(by, release)
    if locked.state != ReleaseState.FAILED:
        raise ReleaseNotReady
    locked.state, locked.state_changed_at, locked.attempt, locked.error = locked.state_to_go_on, now, 0, ""
    locked.save(update_fields=["state", "state_changed_at", "attempt", "error"])
    record(actor=by, action="panel.retry_release", **described(locked, {}))
    request_build(locked.pk)
    return locked


@transaction.atomic
def destroy_release(*, by: User, release: Release, now: datetime) -> Release:
    """Destroy a release that its owner needs no more. Raise ReleaseNotYours or ReleaseNotReady."""
    require(by, Permission.EXPORT_PANEL)
    locked = _own(by, release)
    if locked.state not in HELD:
        raise ReleaseNotReady
    _destroy(by, locked, now)
    return locked


@transaction.atomic
def expire_releases(*, by: Actor, now: datetime) -> int:
    """Destroy the releases whose time of keeping is over; return how many. Safe to run again."""
    require(by, Permission.MAKE_RELEASES)
    today = timezone.localdate(now)
    over = Release.objects.filter(state__in=HELD, kept_until__lt=today)
    over.update(state=ReleaseState.EXPIRED, state_changed_at=now)
    expired = Release.objects.select_for_update(of=("self",), skip_locked=True).filter(state=ReleaseState.EXPIRED)
    found = list(expired.select_related("secret").order_by("pk"))
    for release in found:
        _destroy(by, release, now)
    return len(found)


def _destroy(by: Actor, release: Release, now: datetime) -> None:
    """Delete every piece, and the secret, without which no copy of a piece can be read either."""
    forget_content(release)
    destroy_secret(by=by, held=release.secret, now=now)
    release.state, release.state_changed_at = ReleaseState.DESTROYED, now
    release.save(update_fields=["state", "state_changed_at"])
    record(actor=by, action="panel.destroy_release", **described(release, {}))


def _own(by: User, release: Release) -> Release:
    locked = _locked(release)
    if locked.requested_by_id != by.pk:
        raise ReleaseNotYours
    return locked


def _locked(release: Release) -> Release:
    rows = Release.objects.select_for_update(of=("self",))
    return rows.select_related("secret", "requested_by", "decided_by", "protocol").get(pk=release.pk)


def _archive(release: Release) -> ReleaseFile:
    kept = ReleaseFile.objects.filter(revision__release=release, revision__number=release.revision)
    return kept.get(kind=ReleaseFile.Kind.ARCHIVE)
