"""A file of reports: looked through first, sealed meanwhile, then written by the same rule as a typed one."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from documents.tables import TableFileError
from participants import queries
from participants.intake import KEPT, Incoming, Planned, plan_intake
from participants.models import IncidentReport, StagedImport
from participants.report_file import FileReport, StationNames, read_reports
from participants.report_lookups import report_digests
from participants.report_sealing import open_staged, seal_staged
from participants.services.intake import counted, hold_intake, own_study_station, write_reports
from participants.staged_rows import StagedRows, staged_rows

STAGED_FOR = timedelta(hours=1)


class ImportGone(StudyError):
    """What was looked through is not kept for ever, and is written once."""

    code = "import_gone"
    message = _("This file is no longer here: it was written, taken back, or an hour has passed. Choose it again.")
    http_status = 409


@transaction.atomic
def stage_reports(*, by: User, content: bytes, name: str, now: datetime) -> StagedImport:
    """Read a file of reports, decide the fate of every row, and keep both sealed for an hour; nothing is written.

    A supervisor brings those of her own station, an administrator those of any: her file says which. Raise
    StationNotInStudy, or TableFileError if no row can be read.
    """
    require(by, Permission.RECEIVE_REPORTS)
    reports, problems = read_reports(content, name=name, stations=_stations_of(by, now), today=timezone.localdate(now))
    if not reports:
        raise TableFileError(problems)
    staged = staged_rows(_planned(reports), problems, file=name)
    staged_id = uuid.uuid4()
    key, sealed = seal_staged(staged_id, staged.to_bytes())
    kept = StagedImport.objects.create(
        id=staged_id,
        staged_by=by,
        staged_at=now,
        expires_at=now + STAGED_FOR,
        master_key_id=key.master_key_id,
        wrapped=key.data,
        sealed_rows=sealed,
    )
    details = {**staged.counts, "problems": len(problems)}
    record(actor=by, action="participants.stage_reports", object_type="import", object_id=kept.pk, details=details)
    return kept


@transaction.atomic
def import_reports(*, by: User, staged: StagedImport, now: datetime) -> dict[str, int]:
    """Write the rows of a staged file that are right, as they stand by now, and delete it; return how many by fate.

    What came in meanwhile counts: a report that somebody typed is the same report. Raise ImportGone,
    StationNotInStudy, or what `report_sealing.open_staged` raises.
    """
    require(by, Permission.RECEIVE_REPORTS)
    held = _held(by, staged, now)
    allowed = set(_stations_of(by, now).known.values())
    reports = [row.report for row in open_rows(held).rows if row.station_id in allowed]
    hold_intake()
    plan = _planned(reports)
    write_reports(plan, received_by=by, source=IncidentReport.Source.FILE, now=now)
    held.delete()
    counts = counted(plan)
    record(actor=by, action="participants.import_reports", object_type="import", object_id=staged.pk, details=counts)
    return counts


@transaction.atomic
def discard_import(*, by: User, staged: StagedImport, now: datetime) -> None:
    """Take back a staged file: nothing was written, nothing stays. Raise ImportGone."""
    require(by, Permission.RECEIVE_REPORTS)
    _held(by, staged, now).delete()
    record(actor=by, action="participants.discard_import", object_type="import", object_id=staged.pk)


@transaction.atomic
def drop_expired_imports(*, by: Actor, now: datetime) -> int:
    """Delete the staged files whose hour has passed; return how many."""
    require(by, Permission.KEEP_VAULT)
    dropped, _models = StagedImport.objects.filter(expires_at__lte=now).delete()
    if dropped:
        record(actor=by, action="participants.drop_imports", object_type="import", details={"files": dropped})
    return dropped


def open_rows(staged: StagedImport) -> StagedRows:
    """Return what a staged file holds. Raise SealedDataUnreadable."""
    return StagedRows.from_bytes(open_staged(staged))


def kept_rows(counts: dict[str, int]) -> int:
    """Return how many reports an import with these fates writes."""
    return sum(counts[fate] for fate in KEPT)


def _held(person: User, staged: StagedImport, now: datetime) -> StagedImport:
    held = queries.staged_imports(person, now).select_for_update().filter(pk=staged.pk).first()
    if held is None:
        raise ImportGone
    return held


def _stations_of(person: User, now: datetime) -> StationNames:
    if person.role == Role.ADMINISTRATOR:
        return StationNames(queries.station_names())
    own = own_study_station(person, now)
    return StationNames({name: pk for name, pk in queries.station_names().items() if pk == own.pk}, own.pk)


def _planned(reports: Sequence[FileReport]) -> list[Planned]:
    incoming = [
        Incoming(
            report.row, report.station_id, report.entry, report_digests(report.entry, station_id=report.station_id)
        )
        for report in reports
    ]
    return plan_intake(incoming, queries.known_reports(incoming))
