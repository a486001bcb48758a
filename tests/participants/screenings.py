"""Women found eligible, for tests that begin at enrolment."""

from dataclasses import replace
from itertools import count

from accounts.models import User
from participants.identity import Identity
from participants.models import IncidentReport, ReportBox, Screening
from participants.report_entry import ReportEntry
from participants.report_lookups import report_digests
from participants.report_sealing import seal_report
from stations.models import Posting, Station
from tests.factories import NOW, TODAY, StationFactory

_NUMBERS = count(1)


def report_of(identity: Identity, station: Station, **fields) -> IncidentReport:
    """A report as intake writes it, without comparing it with others."""
    number = next(_NUMBERS)
    entry = ReportEntry(f"T-{number}", TODAY, identity)
    report = IncidentReport.objects.create(
        code=f"R9{number:05d}", station=station, reported_on=TODAY, received_at=NOW, source="typed", **fields
    )
    sealed = seal_report(entry, report_digests(entry, station_id=station.pk), code=report.code)
    key = sealed.key
    ReportBox.objects.create(
        report=report, master_key_id=key.master_key_id, wrapped=key.data, ciphertext=sealed.ciphertext, **sealed.digests
    )
    return report


def eligible(identity: Identity, by: User, station: Station | None = None) -> Screening:
    """A screening that found her eligible at the station where that person serves."""
    posting = Posting.objects.filter(officer__user=by).select_related("station").first()
    at = station or (posting.station if posting else StationFactory())
    named = identity if identity.full_name.strip() else replace(identity, full_name="Rosa Quispe Huamán")
    return Screening.objects.create(
        report=report_of(named, at),
        attempt=1,
        outcome="eligible",
        age=34,
        protocol_version="1",
        screened_at=NOW,
        screened_by=by,
        screener_role=by.role,
        knows_arm=False,
        station_allocated=True,
    )
