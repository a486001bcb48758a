"""Reports as they stand: what a new one must be compared with, and what a station's supervisor goes through."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from participants import sealing
from participants.intake import Incoming, Known, KnownReports
from participants.lookups import Digests
from participants.models import IncidentReport, LookupHash, ReportBox, Screening
from participants.report_sealing import open_report
from participants.report_states import ReportState
from participants.vault import Lookup

_DIGESTS = ("number_digest", "document_digest", "name_digest", "telephone_digest")
_FIRST = ("report__first_report_id", "report__first_report__station_id")
_REPORT = ("report_id", "report__code", "report__station_id", "report__participant_id", *_FIRST)


def known_reports(incoming: Sequence[Incoming]) -> KnownReports:
    """Return the stored reports and enrolled women that any of these may be: in five queries, whatever their number."""
    known = KnownReports(enrolled=_enrolled(incoming))
    for row in _boxes_alike(incoming):
        _add(known, row)
    return known


def further_reports_of(digests: Digests) -> list[int]:
    """Return the ids of the reports of the woman with these hashes, and of those that joined her first one."""
    documents, names, telephones = (_all((digests,), kind) for kind in (Lookup.DOCUMENT, Lookup.NAME, Lookup.TELEPHONE))
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


def _boxes_alike(incoming: Sequence[Incoming]) -> Iterator[dict[str, Any]]:
    """Yield the boxes that share a number, a document, or name and telephone with any of these, each once, by id."""
    digests = [report.digests for report in incoming]
    numbers, documents, names, telephones = (
        _all(digests, kind) for kind in (Lookup.REPORT_NUMBER, Lookup.DOCUMENT, Lookup.NAME, Lookup.TELEPHONE)
    )
    first = Coalesce(OuterRef("report__first_report"), OuterRef("report"))
    outcome = Screening.objects.counting().filter(report=first).values("outcome")
    found: dict[int, dict[str, Any]] = {}
    for condition in (
        Q(number_digest__in=numbers),
        Q(document_digest__in=documents),
        Q(name_digest__in=names, telephone_digest__in=telephones),
    ):
        rows = ReportBox.objects.filter(condition).annotate(outcome=Subquery(outcome[:1])).order_by("report_id")
        found.update({row["report_id"]: row for row in rows.values("outcome", *_DIGESTS, *_REPORT)})
    yield from (found[report_id] for report_id in sorted(found))


def _add(known: KnownReports, row: dict[str, Any]) -> None:
    number, document, name, telephone = (bytes(row[column] or b"") for column in _DIGESTS)
    marks = [mark for mark in (document, name + telephone if name and telephone else b"") if mark]
    report = Known(
        report_id=row["report_id"],
        first_id=row["report__first_report_id"] or row["report_id"],
        station_id=row["report__first_report__station_id"] or row["report__station_id"],
        person=frozenset(filter(None, (document, name))),
        code=row["report__code"],
        participant_id=row["report__participant_id"],
        is_closed=row["outcome"] == Screening.Outcome.NOT_ELIGIBLE,
    )
    known.add(report, numbers=[number], marks=marks)


def _enrolled(incoming: Sequence[Incoming]) -> dict[bytes, int]:
    """Return mark → woman for those enrolled whose document, or name and telephone, is among the incoming."""
    digests = [report.digests for report in incoming]
    documents = _hashes(Lookup.DOCUMENT, _all(digests, Lookup.DOCUMENT))
    enrolled = {digest: woman for woman, digest, _key in documents}
    names: dict[tuple[int, str], bytes] = {
        (woman, key): digest for woman, digest, key in _hashes(Lookup.NAME, _all(digests, Lookup.NAME))
    }
    for woman, digest, key in _hashes(Lookup.TELEPHONE, _all(digests, Lookup.TELEPHONE)):
        if (woman, key) in names:
            enrolled[names[woman, key] + digest] = woman
    return enrolled


def _hashes(kind: Lookup, digests: list[bytes]) -> Iterator[tuple[int, bytes, str]]:
    rows = LookupHash.objects.filter(kind=kind, digest__in=digests).order_by("pk")
    for woman, digest, key in rows.values_list("participant_id", "digest", "key_id"):
        yield woman, bytes(digest), key


def _all(digests: Iterable[Digests], kind: Lookup) -> list[bytes]:
    return list({digest for one in digests for digest in one.get(kind, {}).values()})
