"""How long a report keeps saying who made it when nobody was enrolled from it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries
from participants.models import IncidentReport, ReportBox, Screening
from participants.services.report_keys import destroy_boxes


@transaction.atomic
def forget_reports(*, by: Actor, now: datetime) -> int:
    """Destroy the sealed boxes of women who did not join and of whom nothing was heard for the protocol's days.

    The report, its day and what the screenings found stay: the flow of the trial is counted from them. Return how many
    boxes were destroyed; safe to run twice. Does nothing before the protocol has rules of screening.
    """
    require(by, Permission.KEEP_VAULT)
    try:
        days = queries.screening_rules().keep_identities_days
    except queries.ScreeningRulesMissing:
        return 0
    forgotten = destroy_boxes(_boxes_nobody_needs(now - timedelta(days=days)), now)
    if forgotten:
        record(actor=by, action="participants.forget_reports", object_type="report", details={"reports": forgotten})
    return forgotten


def _boxes_nobody_needs(until: datetime) -> QuerySet[ReportBox]:
    """Return the boxes of women none of whose reports or screenings is younger, and who are not enrolled."""
    first = Coalesce(F("report__first_report"), F("report"))
    hers = Q(pk=OuterRef("first")) | Q(first_report=OuterRef("first"))
    needed = IncidentReport.objects.filter(hers).filter(Q(received_at__gt=until) | Q(participant__isnull=False))
    screened = Screening.objects.filter(report=OuterRef("first"), screened_at__gt=until)
    old = ReportBox.objects.filter(destroyed_at=None, report__received_at__lte=until).annotate(first=first)
    return old.filter(~Exists(needed), ~Exists(screened))
