"""A second person's yes or no to a release that tells more than pseudonyms do."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel.building import request_build
from panel.models import Release
from panel.release_states import ReleaseState
from panel.services.asking import described
from panel.services.release_store import forget_content
from participants.services import destroy_secret


class SecondPersonNeeded(StudyError):
    """Whoever asks does not decide."""

    code = "second_person_needed"
    message = _("You asked for this yourself: somebody else must decide.")
    http_status = 409


class ReleaseMovedOn(StudyError):
    """It was decided, made anew, or is over."""

    code = "release_moved_on"
    message = _("This release is not waiting for a decision any more.")
    http_status = 409


@transaction.atomic
def approve_release(*, by: User, release: Release, note: str, now: datetime) -> Release:
    """Say yes to what somebody else asked for: it is packed then. Raise SecondPersonNeeded or ReleaseMovedOn."""
    require(by, Permission.APPROVE_RELEASES)
    locked = _decided(by, release, note, now)
    locked.state, locked.attempt = ReleaseState.QUEUED, 0
    locked.save()
    record(actor=by, action="panel.approve_release", **described(locked, {"needs": locked.needs}))
    request_build(locked.pk)
    return locked


@transaction.atomic
def refuse_release(*, by: User, release: Release, note: str, now: datetime) -> Release:
    """Say no to what somebody else asked for; nothing of it is kept. Raise SecondPersonNeeded or ReleaseMovedOn."""
    require(by, Permission.APPROVE_RELEASES)
    locked = _decided(by, release, note, now)
    locked.state = ReleaseState.REFUSED
    locked.save()
    forget_content(locked)
    destroy_secret(by=by, held=locked.secret, now=now)
    record(actor=by, action="panel.refuse_release", **described(locked, {"needs": locked.needs}))
    return locked


def _decided(by: User, release: Release, note: str, now: datetime) -> Release:
    locked = Release.objects.select_for_update(of=("self",)).select_related("secret").get(pk=release.pk)
    if locked.requested_by_id == by.pk:
        raise SecondPersonNeeded
    if locked.state != ReleaseState.WAITING:
        raise ReleaseMovedOn
    locked.decided_by, locked.decided_at, locked.decision_note = by, now, note.strip()
    locked.state_changed_at = now
    return locked
