"""Reports as they stand: what a new one must be compared with, and what a station's supervisor goes through."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import User
from participants import sealing
from participants.lookups import Digests
from participants.models import IncidentReport, Screening, StagedImport
from participants.report_sealing import open_report
from participants.report_states import ReportState
from participants.vault import Lookup
from stations.queries import study_stations


def further_reports_of(digests: Digests) -> list[int]:
    """Return the ids of the reports of the woman with these hashes, and of those that joined her first one."""
    kinds = (Lookup.DOCUMENT, Lookup.NAME, Lookup.TELEPHONE)
    documents, names, telephones = (list(digests.get(kind, {}).values()) for kind in kinds)
    alike = IncidentReport.objects.filter(
        Q(box__document_digest__in=documents) | Q(box__name_digest__in=names, box__telephone_digest__in=telephones)
    )
    firsts = {first or own for own, first in alike.order_by("pk").values_list("pk", "first_report_id")}
    hers = IncidentReport.objects.filter(Q(pk__in=firsts) | Q(first_report__in=firsts))
    return list(hers.order_by("pk").values_list("pk", flat=True))


def reports_listed(user: User) -> QuerySet[Any]:
    """Return the reports that a person may list, the latest first, each with its `state` and all that a list shows."""
    outcome = Screening.objects.counting().filter(report=OuterRef("pk")).values("outcome")
    state = Case(
        When(participant__isnull=False, then=Value(ReportState.ENROLLED)),
        When(first_report__isnull=False, then=Value(ReportState.FURTHER)),
        When(outcome=None, then=Value(ReportState.TO_SCREEN)),
        default=F("outcome"),
        output_field=CharField(),
    )
    reports: QuerySet[Any] = IncidentReport.objects.visible_to(user)
    reports = reports.annotate(outcome=Subquery(outcome[:1])).annotate(state=state)
    return reports.select_related("box", "participant", "first_report").order_by("-reported_on", "-pk")


def report_counts(user: User) -> dict[str, int]:
    """Return how many of the reports that a person may list have each state, by its value; 0 where none has."""
    counted = reports_listed(user).order_by("state").values_list("state").annotate(count=Count("pk"))
    return {**dict.fromkeys(ReportState.values, 0), **dict(counted)}


def masked_report_names(reports: Iterable[IncidentReport]) -> dict[int, str]:
    """Return initials by id ("R. Q."): "" where the identity was erased, "?" where the seal does not open.

    Loads nothing more when the reports come with their `box`. A list so masked opens no report.
    """
    return {report.pk: _masked_name(report) for report in reports}


def _masked_name(report: IncidentReport) -> str:
    try:
        return open_report(report).woman.initials
    except sealing.IdentityErased:
        return ""
    except sealing.SealedDataUnreadable:
        return "?"


def staged_imports(user: User, now: datetime) -> QuerySet[StagedImport]:
    """Return the files that a person has staged herself and that still wait."""
    return StagedImport.objects.filter(staged_by=user, expires_at__gt=now).order_by("-staged_at")


def station_names() -> dict[str, int]:
    """Return how a file may name the stations of the study, in small letters → id: study code, its number, code."""
    drawn = study_stations().filter(loss=None)
    names = {station.study_code.casefold(): station.station_id for station in drawn}
    names.update({f"{station.study_number:02d}": station.station_id for station in drawn})
    names.update({str(station.study_number): station.station_id for station in drawn})
    return {**names, **{station.station.code.casefold(): station.station_id for station in drawn}}
