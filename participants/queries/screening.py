"""Who can be screened, by which rules, and how it stands with her."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from participants.models import IncidentReport, LookupHash, Screening
from participants.report_entry import ReportEntry
from participants.report_lookups import report_digests
from participants.vault import Lookup
from protocol import schema
from protocol.queries import current_protocol
from stations.models import Station


class ScreeningRulesMissing(StudyError):
    """The protocol in force is older than screening: nobody can be judged by it."""

    code = "screening_rules_missing"
    message = _("The protocol in force has no rules of eligibility: an administrator must load one that has.")
    http_status = 409


def screening_rules() -> schema.Screening:
    """Return who can take part, as the protocol in force says. Raise ScreeningRulesMissing."""
    rules = current_protocol().screening
    if rules is None:
        raise ScreeningRulesMissing
    return rules


def current_screening(report: IncidentReport) -> Screening | None:
    """Return the screening of a report that counts, if there is one."""
    return report.screenings.counting().first()


def is_household_enrolled(station: Station, entry: ReportEntry) -> bool:
    """Say whether a woman with the same address was enrolled at that station."""
    digests = report_digests(entry, station_id=station.pk).get(Lookup.HOUSEHOLD, {})
    alike = LookupHash.objects.filter(kind=Lookup.HOUSEHOLD, digest__in=list(digests.values()))
    return alike.filter(participant__station=station).exists()
