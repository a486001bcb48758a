"""Making the report on a release: claimed by one worker, each step told, kept whole at the end or not at all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.analysis_plan import AnalysisPlan, parse_plan, plan_sha256
from panel.enrolment import from_json
from panel.estimation_file import DataInvalid
from panel.estimators.clustered import DesignInvalid
from panel.models import Release, ReleaseFile, ReleasePiece, ReleaseReport
from panel.queries.plan_content import read_confirmed_plan
from panel.release_states import ReportState
from panel.reports.making import Order
from panel.reports.parts import write_parts
from panel.services.asking import described
from panel.services.drawn import Drawn, drawn_stations
from panel.services.giving import ReleaseOutdated
from panel.services.making import BuildSuperseded
from panel.services.release_store import keep_file
from panel.services.reporting import brought_out, panel_of

# Longer than any step may take: after that its worker is taken for dead.
SILENT = timedelta(minutes=5)
ATTEMPTS = 3
_PLAN = Path(__file__).resolve().parents[1] / "plans" / "peru_home_visits.toml"


class ReportImpossible(StudyError):
    """The data do not bear the plan."""

    code = "report_impossible"
    message = _("The plan's main model cannot be estimated on what this release holds.")
    http_status = 409


@transaction.atomic
def claim_report(*, by: Actor, report_id: int, now: datetime) -> ReleaseReport | None:
    """Take a report that waits to be made, or whose worker fell silent; None where there is nothing to do.

    After three workers that died it has failed.
    """
    require(by, Permission.MAKE_RELEASES)
    rows = ReleaseReport.objects.select_for_update(of=("self",), skip_locked=True).filter(reports_to_make(now))
    report = rows.select_related("release__secret").filter(pk=report_id).first()
    if report is None:
        return None
    if report.attempt >= ATTEMPTS:
        _fail(by, report, "stopped", now)
        return None
    report.state, report.state_changed_at = ReportState.MAKING, now
    report.attempt, report.steps_done, report.steps = report.attempt + 1, 0, 0
    report.save(update_fields=["state", "state_changed_at", "attempt", "steps_done", "steps"])
    said = {"report": report.pk, "attempt": report.attempt}
    record(actor=by, action="panel.claim_report", **described(report.release, said))
    return report


@transaction.atomic
def order_report(*, by: Actor, report: ReleaseReport, folder: Path, now: datetime) -> Order:
    """Bring out what the report is made of: the release's panel, the plan, and the draw that arms are shuffled within.

    Arms are as they are once unblinding is recorded, for an owner who may know them then.

    Raise BuildSuperseded, ReleaseNotReady, ReleaseOutdated, ReleaseWithoutPanel, ReportImpossible or ReleaseDamaged.
    """
    require(by, Permission.MAKE_RELEASES)
    release = _held(report).release
    _require_same_rows(report, release)
    file, drawn, plan = panel_of(release, now), _the_draw(), the_plan()
    is_unblinded = queries.is_unblinded() and queries.reads_arm(release.requested_by)
    order = Order(
        data=brought_out(release, file, folder),
        plan=plan,
        standing=queries.plan_standing(plan_sha256(plan)),
        locks=release.locks,
        language=release.language,
        made_at=now,
        candidates=drawn.candidates,
        station_names=drawn.names,
        factors=drawn.factors,
        enrolment=from_json(release.enrolment),
        rng=None if is_unblinded else np.random.default_rng(),
    )
    said = {"report": report.pk, "sha256": file.sha256, "is_unblinded": is_unblinded}
    record(actor=by, action="panel.bring_out_panel", **described(release, said))
    return order


def analyse_release(*, report: ReleaseReport, order: Order, folder: Path) -> dict[str, Path]:
    """Run the plan's analysis and write the report's parts, telling each step; the parts by name.

    Raise ReportImpossible, or BuildSuperseded where another worker goes on with it.
    """

    def tell(done: int, total: int) -> None:
        note_step(report=report, done=done, total=total, now=timezone.now())

    try:
        return write_parts(order, folder, progress=tell)
    except (DataInvalid, DesignInvalid) as error:
        raise ReportImpossible from error


def note_step(*, report: ReleaseReport, done: int, total: int, now: datetime) -> None:
    """Say how far a report is, as long as this worker's try is the last. Raise BuildSuperseded."""
    own = ReleaseReport.objects.filter(pk=report.pk, attempt=report.attempt, state=ReportState.MAKING)
    if not own.update(steps_done=done, steps=total, state_changed_at=now):
        raise BuildSuperseded


@transaction.atomic
def keep_report(
    *, by: Actor, report: ReleaseReport, order: Order, parts: Mapping[str, Path], now: datetime
) -> ReleaseReport:
    """Keep all parts of a report in sealed pieces, in the place of an earlier one.

    Raise BuildSuperseded, ReleaseNotReady, or ReleaseOutdated where somebody ended her consent meanwhile.
    """
    require(by, Permission.MAKE_RELEASES)
    locked = _held(report)
    release = locked.release
    _require_same_rows(locked, release)
    panel_of(release, now)
    _replace_earlier(release)
    revision = release.revisions.get(number=release.revision)
    for name, path in parts.items():
        keep_file(revision, path, ReleaseFile(kind=ReleaseFile.Kind.REPORT, report=locked, name=f"{locked.pk}-{name}"))
    locked.is_blinded, locked.plan_sha256 = order.rng is not None, plan_sha256(order.plan)
    locked.state, locked.state_changed_at, locked.ready_at = ReportState.READY, now, now
    locked.save(update_fields=["is_blinded", "plan_sha256", "state", "state_changed_at", "ready_at"])
    said = {"report": locked.pk, "plan_sha256": locked.plan_sha256, "is_blinded": locked.is_blinded}
    record(actor=by, action="panel.keep_report", **described(release, said))
    return locked


@transaction.atomic
def fail_report(*, by: Actor, report: ReleaseReport, error: str, now: datetime) -> None:
    """Say that a report cannot be made, by the error's code. Raise BuildSuperseded."""
    require(by, Permission.MAKE_RELEASES)
    _fail(by, _held(report), error, now)


def reports_to_make(now: datetime) -> Q:
    """Return the condition of a report that a worker may take."""
    return Q(state=ReportState.QUEUED) | Q(state=ReportState.MAKING, state_changed_at__lte=now - SILENT)


def the_plan() -> AnalysisPlan:
    """Return the plan that reports on releases follow: the one that is locked, or the one that comes with the program.

    The second is only ever run on shuffled arms: unblinding asks for a plan that is locked.
    """
    return read_confirmed_plan() or parse_plan(_PLAN.read_text(encoding="utf-8"), name=_PLAN.name)


def _the_draw() -> Drawn:
    try:
        return drawn_stations()
    except DataInvalid as error:
        raise ReportImpossible from error


def _held(report: ReleaseReport) -> ReleaseReport:
    """Lock release and report, in the order of all others, as long as this worker's try is the last."""
    release = (
        Release.objects.select_for_update(of=("self",))
        .select_related("secret", "requested_by")
        .get(pk=report.release_id)
    )
    locked = ReleaseReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.state != ReportState.MAKING or locked.attempt != report.attempt:
        raise BuildSuperseded
    locked.release = release
    return locked


def _require_same_rows(report: ReleaseReport, release: Release) -> None:
    if report.revision != release.revision:
        raise ReleaseOutdated


def _replace_earlier(release: Release) -> None:
    """Delete the pieces of earlier reports; that they were, and what each file was, stays on record."""
    earlier = ReleaseReport.objects.filter(release=release, state=ReportState.READY)
    ReleasePiece.objects.filter(file__report__in=earlier).delete()
    earlier.update(state=ReportState.REPLACED)


def _fail(by: Actor, report: ReleaseReport, error: str, now: datetime) -> None:
    report.state, report.state_changed_at, report.error = ReportState.FAILED, now, error
    report.save(update_fields=["state", "state_changed_at", "error"])
    said = {"report": report.pk, "error": error}
    record(actor=by, action="panel.fail_report", **described(report.release, said))
