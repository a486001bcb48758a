"""Asking for the report on a release, and giving its parts to the release's owner."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from audit.services import record
from panel import queries
from panel.building import request_report
from panel.models import Release, ReleaseFile, ReleaseReport
from panel.release_states import REPORT_PENDING
from panel.report_parts import WRITTEN, ReportPart, file_name, key_of
from panel.services.asking import described
from panel.services.giving import OpenedRelease
from panel.services.release_store import file_bytes, file_part
from panel.services.reporting import locked_for, panel_of, require_givable


class ReportNotThere(StudyError):
    """None was made of what the release holds now."""

    code = "report_not_there"
    message = _("There is no report on what this release holds now. Make one.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part of a report on its way out, and of what type it is."""

    file: OpenedRelease
    content_type: str


@transaction.atomic
def ask_report(*, by: User, release: Release, now: datetime) -> ReleaseReport:
    """Ask for the plan's analysis of what a release holds; a worker makes it. One is made at a time: two clicks, one.

    Raise as `bring_out_panel`.
    """
    locked = locked_for(by, release)
    panel_of(locked, now)
    pending = ReleaseReport.objects.filter(release=locked, state__in=REPORT_PENDING).first()
    report = pending or _new_report(locked, now)
    record(actor=by, action="panel.ask_report", **described(locked, {"report": report.pk}))
    request_report(report.pk)
    return report


@transaction.atomic
def open_report(*, by: User, release: Release, part: ReportPart, language: str, now: datetime) -> OpenedPart:
    """Give a part of the report to the release's owner to take away, on record each time.

    Consents are asked on the day, as for the release itself. Raise ReleaseNotYours, ReleaseNotReady, ReleaseOutdated
    or ReportNotThere.
    """
    locked = locked_for(by, release)
    report, file = _part_of(locked, part, language, now)
    report.downloaded_at = now
    report.save(update_fields=["downloaded_at"])
    said = {"report": report.pk, "part": str(part), "sha256": file.sha256, "is_blinded": report.is_blinded}
    record(actor=by, action="panel.download_report", **described(locked, said))
    name = file_name(locked.pk, report.revision, part, language)
    opened = OpenedRelease(name, file.size_bytes, file.sha256, partial(file_part, locked, file))
    return OpenedPart(opened, WRITTEN[part].content_type)


@transaction.atomic
def read_report(*, by: User, release: Release, language: str, now: datetime) -> str:
    """Give the report to the release's owner to read, as a part of a page, on record each time.

    Raise as `open_report`.
    """
    locked = locked_for(by, release)
    report, file = _part_of(locked, ReportPart.BODY, language, now)
    body = b"".join(file_bytes(locked, file)).decode()
    said = {"report": report.pk, "is_blinded": report.is_blinded}
    record(actor=by, action="panel.read_report", **described(locked, said))
    return body


def _new_report(release: Release, now: datetime) -> ReleaseReport:
    try:
        with transaction.atomic():
            return ReleaseReport.objects.create(
                release=release, revision=release.revision, asked_at=now, state_changed_at=now
            )
    except IntegrityError:
        # Somebody was quicker: theirs is the one.
        return ReleaseReport.objects.get(release=release, state__in=REPORT_PENDING)


def _part_of(release: Release, part: ReportPart, language: str, now: datetime) -> tuple[ReleaseReport, ReleaseFile]:
    require_givable(release, now)
    report = ReleaseReport.objects.ready_of(release)
    if report is None:
        raise ReportNotThere
    if not report.is_blinded and not queries.reads_arm(release.requested_by):
        raise ReportNotThere
    return report, report.files.get(name=f"{report.pk}-{key_of(part, language)}")
