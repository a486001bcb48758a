"""Reports coming in: typed, from a file or from another system, all by the same rule and the same writer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries
from participants.intake import KEPT, Fate, Incoming, Planned, plan_intake
from participants.models import IncidentReport, Participant, PoliceReport, ReportBox
from participants.report_entry import ReportEntry
from participants.report_lookups import report_digests
from participants.report_sealing import DIGEST_FIELDS, seal_report
from participants.services.enrolment import INTAKE_LOCK, NameMissing, StationNotInStudy
from stations.models import Station

ROWS_AT_ONCE = 5_000


class ReportNumberMissing(StudyError):
    """A report without a number could be written down twice."""

    code = "report_number_missing"
    message = _("Write the report's number.")


class ReportInFuture(StudyError):
    """Nobody reported tomorrow."""

    code = "report_in_future"
    message = _("The day of the report lies in the future.")


class ReportNumberTaken(StudyError):
    """The number stands for a report of another woman."""

    code = "report_number_taken"
    message = _("Another woman's report has this number: nothing was saved. Check the number and her name.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Received:
    """The report as it is kept, and what became of what came in."""

    report: IncidentReport
    fate: Fate


@transaction.atomic
def receive_report(*, by: User, entry: ReportEntry, source: IncidentReport.Source, now: datetime) -> Received:
    """Keep a report at the station where the supervisor serves; the same one again changes nothing.

    Raise StationNotInStudy, ReportNumberMissing, NameMissing, ReportInFuture or ReportNumberTaken.
    """
    require(by, Permission.RECEIVE_REPORTS)
    station = own_study_station(by, now)
    check_entry(entry, now)
    hold_intake()
    incoming = Incoming(1, station.pk, entry, report_digests(entry, station_id=station.pk))
    (planned,) = plan_intake([incoming], queries.known_reports([incoming]))
    if planned.fate == Fate.CONFLICT:
        raise ReportNumberTaken
    if planned.fate == Fate.AGAIN and planned.earlier is not None:
        return Received(IncidentReport.objects.get(pk=planned.earlier.report_id), Fate.AGAIN)
    (report,) = write_reports([planned], received_by=by, source=source, now=now)
    record(
        actor=by,
        action="participants.receive_report",
        object_type="report",
        object_id=report.code,
        details={"fate": planned.fate, "source": source},
    )
    return Received(report, planned.fate)


def own_study_station(person: User, now: datetime) -> Station:
    """Return the station of the study where a supervisor serves now. Raise StationNotInStudy."""
    station = queries.serving_station(person, timezone.localdate(now))
    if station is None or not queries.is_study_station(station):
        raise StationNotInStudy
    return station


def check_entry(entry: ReportEntry, now: datetime) -> None:
    """Let a report pass that says whose it is and when. Raise ReportNumberMissing, NameMissing or ReportInFuture."""
    if not any(character.isalnum() for character in entry.number):
        raise ReportNumberMissing
    if not entry.woman.full_name.strip():
        raise NameMissing
    if entry.reported_on > timezone.localdate(now):
        raise ReportInFuture


def hold_intake() -> None:
    """Let no other report come in, and nobody be enrolled, until the transaction ends: what is compared stays true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (INTAKE_LOCK,))


def write_reports(
    plan: Sequence[Planned], *, received_by: User | None, source: IncidentReport.Source, now: datetime
) -> list[IncidentReport]:
    """Write the reports of a plan that are kept, set-based, within the caller's transaction; return them."""
    kept = [planned for planned in plan if planned.fate in KEPT]
    # A report earlier in the plan is known by its place, as a negative id.
    places = [place for place, planned in enumerate(plan, start=1) if planned.fate in KEPT]
    ids = dict(zip((-place for place in places), _reserved_ids(len(kept)), strict=True))
    reports = [
        IncidentReport(
            pk=pk,
            code=f"R{pk:06d}",
            station_id=planned.incoming.station_id,
            reported_on=planned.incoming.entry.reported_on,
            received_at=now,
            received_by=received_by,
            source=source,
            first_report_id=ids.get(planned.earlier.first_id, planned.earlier.first_id) if planned.earlier else None,
            participant_id=planned.participant_id,
        )
        for pk, planned in zip(ids.values(), kept, strict=True)
    ]
    _insert_reports(reports)
    _insert_boxes(reports, kept)
    record_re_reports(reports)
    return reports


def record_re_reports(reports: Sequence[IncidentReport]) -> None:
    """Count those that enrolled women made on the day of their enrolment or later as police-recorded re-reports."""
    women = {report.participant_id for report in reports if report.participant_id is not None}
    enrolled_on = dict(Participant.objects.filter(pk__in=women).values_list("pk", "enrolled_on"))
    PoliceReport.objects.bulk_create(
        PoliceReport(participant_id=report.participant_id, reported_on=report.reported_on, report=report)
        for report in reports
        if report.participant_id is not None and report.reported_on >= enrolled_on[report.participant_id]
    )


def counted(plan: Sequence[Planned]) -> dict[str, int]:
    """Return how many reports of a plan have each fate."""
    counts = Counter(planned.fate for planned in plan)
    return {str(fate): counts[fate] for fate in Fate}


def _insert_reports(reports: Sequence[IncidentReport]) -> None:
    columns = ("id", "code", "station_id", "reported_on", "received_at", "received_by_id", "source")
    links = ("first_report_id", "participant_id")
    _insert(IncidentReport, {name: [getattr(report, name) for report in reports] for name in (*columns, *links)})


def _insert_boxes(reports: Sequence[IncidentReport], kept: Sequence[Planned]) -> None:
    sealed = [
        seal_report(planned.incoming.entry, planned.incoming.digests, code=report.code)
        for report, planned in zip(reports, kept, strict=True)
    ]
    digests: dict[str, list[Any]] = {name: [box.digests[name] for box in sealed] for name in DIGEST_FIELDS.values()}
    boxes: dict[str, list[Any]] = {
        "report_id": [report.pk for report in reports],
        "master_key_id": [box.key.master_key_id for box in sealed],
        "wrapped": [box.key.data for box in sealed],
        "ciphertext": [box.ciphertext for box in sealed],
    }
    _insert(ReportBox, {**boxes, **digests})


def _insert(model: type[Model], columns: dict[str, list[Any]]) -> None:
    """Insert rows, given column by column, by one COPY for every ROWS_AT_ONCE."""
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"  # noqa: SLF001 - Django documents it
    rows = zip(*columns.values(), strict=True)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        while lines := "".join(_copy_line(row) for row in islice(rows, ROWS_AT_ONCE)):
            cursor.copy_expert(statement, StringIO(lines))


def _copy_line(row: tuple[Any, ...]) -> str:
    return "\t".join(map(_copied, row)) + "\n"


def _copied(value: object) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _reserved_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('participants_incidentreport', 'id')) FROM generate_series(1, %s)",
            (count,),
        )
        return [number for (number,) in cursor.fetchall()]
