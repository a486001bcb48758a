"""Packing a release once more to see that the same bytes come out, for whoever asks on its page."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel.building import request_check
from panel.models import Release, ReleaseCheck, ReleaseFile
from panel.release_files.manifest import sha256_of
from panel.release_states import ReleaseState
from panel.services.asking import described
from panel.services.giving import ReleaseNotReady
from panel.services.making import ATTEMPTS, BROKEN_OFF
from panel.services.packing import pack

_CLAIMED, _PACKED = 5, 95
State = ReleaseCheck.State


class CheckAskedAlready(StudyError):
    """One at a time."""

    code = "check_asked_already"
    message = _("It is being compared already.")
    http_status = 409


@transaction.atomic
def ask_check(*, by: User, release: Release, now: datetime) -> ReleaseCheck:
    """Let a worker pack a release again and compare it. Raise ReleaseNotReady or CheckAskedAlready."""
    require(by, Permission.EXPORT_PANEL)
    locked = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if locked.state != ReleaseState.READY:
        raise ReleaseNotReady
    try:
        with transaction.atomic():
            check = ReleaseCheck.objects.create(
                release=locked, revision=locked.revision, asked_by=by, asked_at=now, state_changed_at=now
            )
    except IntegrityError as error:
        raise CheckAskedAlready from error
    record(actor=by, action="panel.ask_check", **described(locked, {"check": check.pk}))
    request_check(check.pk)
    return check


@transaction.atomic
def claim_check(*, by: Actor, check_id: int, now: datetime) -> ReleaseCheck | None:
    """Take a check that waits, or whose worker died; None where there is nothing to do. Three dead workers end it."""
    require(by, Permission.MAKE_RELEASES)
    waiting = ReleaseCheck.objects.to_make(now, broken_off=BROKEN_OFF).filter(pk=check_id)
    check = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if check is None:
        return None
    if check.attempt >= ATTEMPTS:
        _ended(by, check, State.FAILED, now)
        return None
    check.state, check.state_changed_at = State.BUILDING, now
    check.attempt, check.progress = check.attempt + 1, _CLAIMED
    check.save(update_fields=["state", "state_changed_at", "attempt", "progress"])
    record(actor=by, action="panel.claim_check", **_described(check, {"attempt": check.attempt}))
    return check


# How far a worker is is no act of anybody: it is not audited.
@transaction.atomic
def note_check(*, check: ReleaseCheck, share: float) -> None:
    """Say how much of a check's packing is done, from 0 to 1."""
    progress = _CLAIMED + round((_PACKED - _CLAIMED) * share)
    ReleaseCheck.objects.filter(pk=check.pk, attempt=check.attempt, state=State.BUILDING).update(progress=progress)


def packed_again(check: ReleaseCheck, folder: Path) -> str:
    """Pack the revision of a check into a folder; return the SHA-256. Raise ReleaseDamaged or IdentityErased."""
    rows = Release.objects.select_related("secret", "requested_by", "decided_by", "protocol")
    release = rows.get(pk=check.release_id)
    revision = release.revisions.get(number=check.revision)
    archive, _rows = pack(release, revision, folder, told=lambda share: note_check(check=check, share=share))
    return sha256_of(archive)


@transaction.atomic
def finish_check(*, by: Actor, check: ReleaseCheck, sha256: str, now: datetime) -> None:
    """Say whether the same bytes came out; nothing where another worker goes on with it."""
    require(by, Permission.MAKE_RELEASES)
    if (held := _held(check)) is None:
        return
    kept = ReleaseFile.objects.filter(revision__release=held.release_id, revision__number=held.revision)
    is_same = kept.get(kind=ReleaseFile.Kind.ARCHIVE).sha256 == sha256
    _ended(by, held, State.SAME if is_same else State.DIFFERENT, now)


@transaction.atomic
def fail_check(*, by: Actor, check: ReleaseCheck, now: datetime) -> None:
    """End a check that came to nothing: what was frozen cannot be read, or is not there any more."""
    require(by, Permission.MAKE_RELEASES)
    if (held := _held(check)) is not None:
        _ended(by, held, State.FAILED, now)


def _held(check: ReleaseCheck) -> ReleaseCheck | None:
    rows = ReleaseCheck.objects.select_for_update(of=("self",)).select_related("release")
    return rows.filter(pk=check.pk, state=State.BUILDING, attempt=check.attempt).first()


def _ended(by: Actor, check: ReleaseCheck, state: ReleaseCheck.State, now: datetime) -> None:
    check.state, check.state_changed_at, check.progress = state, now, 100
    check.save(update_fields=["state", "state_changed_at", "progress"])
    record(actor=by, action="panel.check_release", **_described(check, {"outcome": str(state)}))


def _described(check: ReleaseCheck, details: dict[str, Any]) -> dict[str, Any]:
    return described(check.release, {"check": check.pk, "revision": check.revision, **details})
