"""Bringing a release's panel out for a report on it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel.models import Release, ReleaseFile, ReleaseWoman
from panel.release_states import ReleaseState
from panel.services.arms import require_arm
from panel.services.asking import described
from panel.services.giving import ReleaseNotReady, ReleaseNotYours, ReleaseOutdated
from panel.services.release_store import bring_out

PANEL = "panel_wave"


class ReleaseWithoutPanel(StudyError):
    """A report is made of women by wave, which this release has not."""

    code = "release_without_panel"
    message = _("This release does not have the table that a report is made of: panel_wave.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class PanelOfRelease:
    """The frozen rows of women by wave, in a file named after release and revision."""

    path: Path


@transaction.atomic
def bring_out_panel(*, by: User, release: Release, folder: Path, now: datetime) -> PanelOfRelease:
    """Write the frozen rows of women by wave into the folder, for a report by whoever asked for the release.

    Consents are asked on the day, as for a download. Raise ReleaseNotYours, ReleaseNotReady, ReleaseOutdated or
    ReleaseWithoutPanel.
    """
    locked = locked_for(by, release)
    file = panel_of(locked, now)
    path = brought_out(locked, file, folder)
    record(actor=by, action="panel.bring_out_panel", **described(locked, {"sha256": file.sha256}))
    return PanelOfRelease(path)


def locked_for(user: User, release: Release) -> Release:
    """Return the release locked, for its owner alone. Raise PermissionDenied or ReleaseNotYours."""
    require(user, Permission.EXPORT_PANEL)
    rows = Release.objects.select_for_update(of=("self",)).select_related("secret")
    locked = rows.get(pk=release.pk)
    if locked.requested_by_id != user.pk:
        raise ReleaseNotYours
    if locked.with_arm:
        require_arm(user)
    return locked


def require_givable(release: Release, now: datetime) -> None:
    """Raise ReleaseNotReady or ReleaseOutdated unless all that it holds may be given out on the day."""
    today = timezone.localdate(now)
    if release.state != ReleaseState.READY or release.kept_until < today:
        raise ReleaseNotReady
    if ReleaseWoman.objects.filter(release=release).not_allowed_on(today).exists():
        raise ReleaseOutdated


def panel_of(release: Release, now: datetime) -> ReleaseFile:
    """Return the frozen rows of women by wave. Raise as `require_givable`, or ReleaseWithoutPanel."""
    require_givable(release, now)
    cuts = ReleaseFile.objects.filter(revision__release=release, revision__number=release.revision, name=PANEL)
    file = cuts.filter(kind=ReleaseFile.Kind.CUT).first()
    if file is None:
        raise ReleaseWithoutPanel
    return file


def brought_out(release: Release, file: ReleaseFile, folder: Path) -> Path:
    """Write the panel into the folder under a name that tells release and revision. Raise ReleaseDamaged."""
    return bring_out(release, file, folder / f"{PANEL}-{release.pk:03d}-{release.revision}.parquet")
