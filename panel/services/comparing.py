"""What changed since an earlier release: compared inside, so that no code is shown and none need be the same."""

from pathlib import Path

import polars as pl
from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel.models import Release
from panel.release_changes import Changes, Frozen, compare
from panel.release_states import ReleaseState
from panel.services.arms import require_arm
from panel.services.asking import described
from panel.services.cutting import women_by_code
from panel.services.giving import ReleaseNotReady
from panel.services.packing import frozen_cuts


@transaction.atomic
def compare_releases(*, by: User, release: Release, earlier: Release, folder: Path) -> list[Changes]:
    """Return what changed in each data set that both have, in order of name. Raise ReleaseNotReady or ReleaseDamaged.

    One with the arm is compared for who may read the arm alone.
    """
    require(by, Permission.EXPORT_PANEL)
    if release.with_arm or earlier.with_arm:
        require_arm(by)
    if {release.state, earlier.state} != {ReleaseState.READY}:
        raise ReleaseNotReady
    leave_days = release.shift_days or earlier.shift_days
    before, after = (_frozen(found, folder / str(found.pk)) for found in (earlier, release))
    changes = [
        compare(before[name], after[name], leave_days=leave_days) for name in sorted(before.keys() & after.keys())
    ]
    record(actor=by, action="panel.compare_releases", **described(release, {"earlier": earlier.pk}))
    return changes


def _frozen(release: Release, folder: Path) -> dict[str, Frozen]:
    folder.mkdir(exist_ok=True)
    numbers = women_by_code(release)
    cuts = frozen_cuts(release, release.revisions.get(number=release.revision), folder)
    return {cut.dataset.name: Frozen(cut.dataset, pl.scan_parquet(cut.path), numbers) for cut in cuts}
