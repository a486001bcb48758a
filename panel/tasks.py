"""Making, renewing, checking and ending releases, their reports, and counting the columns of the data sets."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.sweeping import each_by_itself
from accounts.tasks import study_task
from panel import queries, services
from panel.columns import DataSet
from panel.models import Release, ReleaseCheck, ReleaseReport, ReleaseWoman
from panel.release_states import HELD

MAKER = SystemActor("releases", frozenset({Permission.MAKE_RELEASES}))
COUNTER = SystemActor("data pictures", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))


@study_task("panel.build_release")
def build_release(*, release_id: int) -> None:
    """Make one release, from where the last worker left it."""
    release = services.claim_release(by=MAKER, release_id=release_id, now=timezone.now())
    if release is None:
        return
    try:
        with TemporaryDirectory() as folder:
            _make(release, Path(folder))
    except services.BuildSuperseded:
        return
    except StudyError as error:
        services.fail_release(by=MAKER, release=release, error=error.code, now=timezone.now())


@study_task("panel.build_report")
def build_report(*, report_id: int) -> None:
    """Make the report on one release from its beginning: what another worker left half made lies in no place."""
    report = services.claim_report(by=MAKER, report_id=report_id, now=timezone.now())
    if report is None:
        return
    try:
        with TemporaryDirectory() as folder:
            _make_report(report, Path(folder))
    except services.BuildSuperseded:
        return
    except StudyError as error:
        services.fail_report(by=MAKER, report=report, error=error.code, now=timezone.now())


@study_task("panel.sweep_releases")
def sweep_releases() -> None:
    """Take out whoever may not be in a release any more, destroy what was kept long enough, send on what waits."""
    now = timezone.now()
    services.expire_releases(by=MAKER, now=now)
    for release_id in Release.objects.filter(services.to_make(now)).order_by("pk").values_list("pk", flat=True):
        build_release.delay(release_id=release_id)
    waiting = ReleaseReport.objects.filter(services.reports_to_make(now)).order_by("pk")
    for report_id in waiting.values_list("pk", flat=True):
        build_report.delay(report_id=report_id)
    checks = ReleaseCheck.objects.to_make(now, broken_off=services.BROKEN_OFF).order_by("pk")
    for check_id in checks.values_list("pk", flat=True):
        check_release.delay(check_id=check_id)
    gone = ReleaseWoman.objects.filter(release=OuterRef("pk")).not_allowed_on(timezone.localdate(now))
    outdated = Release.objects.filter(Exists(gone), state__in=HELD).order_by("pk")
    each_by_itself(outdated, _take_out, job="panel.sweep_releases", key=lambda release: release.pk)


@study_task("panel.check_release")
def check_release(*, check_id: int) -> None:
    """Pack a release again and say whether the same bytes came out."""
    check = services.claim_check(by=MAKER, check_id=check_id, now=timezone.now())
    if check is None:
        return
    try:
        with TemporaryDirectory() as folder:
            sha256 = services.packed_again(check, Path(folder))
    except StudyError:
        services.fail_check(by=MAKER, check=check, now=timezone.now())
    else:
        services.finish_check(by=MAKER, check=check, sha256=sha256, now=timezone.now())


@study_task("panel.count_columns")
def count_columns() -> None:
    """Count the columns of every data set for the pictures of its page."""
    numbered = list(enumerate(queries.datasets(reads_arm=True)))
    each_by_itself(numbered, _count, job="panel.count_columns", key=lambda one: one[0])


def _count(numbered: tuple[int, DataSet]) -> None:
    services.count_columns(by=COUNTER, dataset=numbered[1], now=timezone.now())


def _make(release: Release, folder: Path) -> None:
    if not release.revision:
        cuts = services.cut_release(release, folder)
        release = services.keep_cut(by=MAKER, release=release, cuts=cuts, now=timezone.now())
    if release.state == Release.State.BUILDING:
        services.pack_release(by=MAKER, release=release, folder=folder, now=timezone.now())


def _take_out(release: Release) -> None:
    with TemporaryDirectory() as folder:
        services.take_women_out(by=MAKER, release=release, folder=Path(folder), now=timezone.now())


def _make_report(report: ReleaseReport, folder: Path) -> None:
    order = services.order_report(by=MAKER, report=report, folder=folder, now=timezone.now())
    parts = services.analyse_release(report=report, order=order, folder=folder / "parts")
    services.keep_report(by=MAKER, report=report, order=order, parts=parts, now=timezone.now())
