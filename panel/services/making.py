"""Making a release: claimed by one worker, frozen once, packed once; a worker that died is followed by another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from data_lock.queries import locks_standing
from panel.anonymity import judge
from panel.building import request_build
from panel.code_version import code_version
from panel.enrolment import as_json
from panel.models import Release, ReleaseFile, ReleaseRevision, ReleaseWoman
from panel.release_states import HELD, Reason, ReleaseState
from panel.services.asking import described
from panel.services.cutting import Cut, codes_in, women_by_code
from panel.services.drawn import enrolment_so_far
from panel.services.packing import pack, taken_out
from panel.services.release_store import destroy_files, keep_file

# Longer than any task may run: after that its worker is taken for dead.
BROKEN_OFF = timedelta(minutes=15)
ATTEMPTS = 3
CLAIMED, FROZEN, DONE = 10, 60, 100


class BuildSuperseded(StudyError):
    """Another worker goes on with it, or it is over."""

    code = "build_superseded"
    message = _("This release is being made elsewhere.")
    http_status = 409


class WomanUnknown(StudyError):
    """A row is of nobody who is in the study: nothing of it is kept."""

    code = "woman_unknown"
    message = _("The tables have rows of somebody who is not in the study.")
    http_status = 500


@transaction.atomic
def claim_release(*, by: Actor, release_id: int, now: datetime) -> Release | None:
    """Take a release that waits to be made, or whose worker died; None where there is nothing to do.

    After three workers that died it has failed.
    """
    require(by, Permission.MAKE_RELEASES)
    rows = Release.objects.select_for_update(of=("self",), skip_locked=True).filter(to_make(now), pk=release_id)
    release = rows.select_related("secret", "requested_by", "decided_by", "protocol").first()
    if release is None:
        return None
    if release.attempt >= ATTEMPTS:
        _failed(by, release, "stopped", now)
        return None
    release.state, release.state_changed_at, release.error = ReleaseState.BUILDING, now, ""
    release.attempt, release.progress = release.attempt + 1, max(release.progress, CLAIMED)
    release.save(update_fields=["state", "state_changed_at", "error", "attempt", "progress"])
    record(actor=by, action="panel.claim_release", **described(release, {"attempt": release.attempt}))
    return release


@transaction.atomic
def keep_cut(*, by: Actor, release: Release, cuts: Sequence[Cut], now: datetime) -> Release:
    """Freeze what was read, judge what it would give away, and let it wait where somebody must say yes.

    Raise BuildSuperseded or WomanUnknown.
    """
    require(by, Permission.MAKE_RELEASES)
    locked = _held(release)
    if locked.revision:
        raise BuildSuperseded
    revision = ReleaseRevision.objects.create(release=locked, number=1, frozen_at=now)
    _keep(revision, cuts)
    _keep_women(locked, list(cuts))
    locked.revision, locked.code_version, locked.progress = 1, code_version(), FROZEN
    locked.enrolment = as_json(enrolment_so_far())
    # Held still before the rows were read, which was after somebody claimed the release.
    locked.locks = locks_standing(held_since=locked.state_changed_at)
    _judge(locked, cuts)
    if locked.needs:
        locked.state, locked.state_changed_at = ReleaseState.WAITING, now
    locked.save(
        update_fields=[
            "revision", "code_version", "progress", "enrolment", "locks", "report", "needs", "state",
            "state_changed_at",
        ]
    )  # fmt: skip
    rows = {cut.dataset.name: cut.rows for cut in cuts}
    record(actor=by, action="panel.freeze_release", **described(locked, {"rows": rows, "needs": locked.needs}))
    return locked


@transaction.atomic
def pack_release(*, by: Actor, release: Release, folder: Path, now: datetime) -> Release:
    """Pack what was frozen, and give it to its owner from now on. Raise BuildSuperseded or ReleaseDamaged."""
    require(by, Permission.MAKE_RELEASES)
    locked = _held(release)
    if locked.state != ReleaseState.BUILDING or not locked.revision:
        raise BuildSuperseded
    revision = locked.revisions.get(number=locked.revision)
    archive, rows = pack(locked, revision, folder)
    file = ReleaseFile(kind=ReleaseFile.Kind.ARCHIVE, name=archive.name, rows=rows)
    kept = keep_file(revision, archive, file)
    revision.sha256, revision.size_bytes, revision.packed_at = kept.sha256, kept.size_bytes, now
    revision.save(update_fields=["sha256", "size_bytes", "packed_at"])
    locked.state, locked.state_changed_at, locked.progress = ReleaseState.READY, now, DONE
    locked.save(update_fields=["state", "state_changed_at", "progress"])
    record(
        actor=by, action="panel.pack_release", **described(locked, {"sha256": kept.sha256, "bytes": kept.size_bytes})
    )
    return locked


@transaction.atomic
def fail_release(*, by: Actor, release: Release, error: str, now: datetime) -> None:
    """Say that a release cannot be made, by the error's code. Raise BuildSuperseded."""
    require(by, Permission.MAKE_RELEASES)
    _failed(by, _held(release), error, now)


@transaction.atomic
def take_women_out(*, by: Actor, release: Release, folder: Path, now: datetime) -> int:
    """Take the rows out of those who may not be in a release any more; return how many rows. Safe to run again.

    What is left is a new revision, judged again; what was frozen before is destroyed. A release that was ready is
    packed anew, and waits for somebody's yes again where what is left tells more than what the yes was said to.
    """
    require(by, Permission.MAKE_RELEASES)
    locked = Release.objects.select_for_update(of=("self",)).select_related("secret").get(pk=release.pk)
    gone = list(ReleaseWoman.objects.filter(release=locked).not_allowed_on(timezone.localdate(now)))
    if not gone or locked.state not in HELD:
        return 0
    before = locked.revisions.get(number=locked.revision)
    cuts, removed = taken_out(locked, before, {woman.participant_id for woman in gone}, folder)
    revision = ReleaseRevision.objects.create(
        release=locked, number=before.number + 1, frozen_at=now, rows_removed=before.rows_removed + removed
    )
    _keep(revision, cuts)
    destroy_files(before)
    ReleaseWoman.objects.filter(pk__in=[woman.pk for woman in gone]).delete()
    _go_on(locked, revision, cuts, now)
    request_build(locked.pk)
    record(actor=by, action="panel.take_women_out", **described(locked, {"rows": removed}))
    return removed


def to_make(now: datetime) -> Q:
    """Return the condition of a release that a worker may take."""
    return Q(state=ReleaseState.QUEUED) | Q(state=ReleaseState.BUILDING, state_changed_at__lte=now - BROKEN_OFF)


def _go_on(release: Release, revision: ReleaseRevision, cuts: Sequence[Cut], now: datetime) -> None:
    release.revision, release.progress, seen = revision.number, FROZEN, set(release.needs)
    _judge(release, cuts)
    if set(release.needs) - seen:
        # Fewer rows may make a group small that was not: whoever said yes did not say it to that.
        release.decided_by, release.decided_at, release.decision_note = None, None, ""
    if release.state != ReleaseState.FAILED:
        release.state, release.state_changed_at, release.attempt = release.state_to_go_on, now, 0
    release.save(
        update_fields=[
            "revision", "progress", "report", "needs", "decided_by", "decided_at", "decision_note", "state",
            "state_changed_at", "attempt",
        ]
    )  # fmt: skip


def _held(release: Release) -> Release:
    """Return the release locked, as long as this worker's try is the last. Raise BuildSuperseded."""
    rows = Release.objects.select_for_update(of=("self",))
    locked = rows.select_related("secret", "requested_by", "decided_by", "protocol").get(pk=release.pk)
    if locked.state != ReleaseState.BUILDING or locked.attempt != release.attempt:
        raise BuildSuperseded
    return locked


def _failed(by: Actor, release: Release, error: str, now: datetime) -> None:
    release.state, release.state_changed_at, release.error = ReleaseState.FAILED, now, error
    release.save(update_fields=["state", "state_changed_at", "error"])
    record(actor=by, action="panel.fail_release", **described(release, {"error": error}))


def _keep(revision: ReleaseRevision, cuts: Sequence[Cut]) -> None:
    for cut in cuts:
        file = ReleaseFile(kind=ReleaseFile.Kind.CUT, name=cut.dataset.name, declaration=cut.declaration, rows=cut.rows)
        keep_file(revision, cut.path, file)


def _keep_women(release: Release, cuts: list[Cut]) -> None:
    known = women_by_code(release)
    codes = codes_in(cuts)
    if codes - known.keys():
        raise WomanUnknown
    women = ReleaseWoman.objects.to_keep(release, [known[code] for code in codes])
    ReleaseWoman.objects.bulk_create(women, batch_size=5000)


def _judge(release: Release, cuts: Sequence[Cut]) -> None:
    """Write the report, and what makes a second person's yes necessary."""
    report = judge([(cut.dataset, pl.scan_parquet(cut.path)) for cut in cuts])
    found = {
        Reason.ARM: release.with_arm,
        Reason.STABLE_CODES: release.stable_codes,
        Reason.SMALL_GROUPS: report.has_small_groups,
        Reason.SAME_ANSWERS: report.has_same_answers,
    }
    release.report = report.as_json()
    release.needs = [str(reason) for reason, holds in found.items() if holds]
