"""Screening the women who reported: the log from which the numbers of the CONSORT diagram come."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import eligibility, queries
from participants.eligibility import ScreeningAnswers
from participants.models import IncidentReport, Screening
from participants.report_entry import ReportEntry
from participants.report_sealing import open_report
from participants.services.enrolment import AlreadyEnrolled
from protocol.queries import active_version


class ReportOutOfReach(StudyError):
    """The report is of another station. Worded as if it did not exist."""

    code = "not_found"
    message = _("Not found.")
    http_status = 404


class NotHerFirstReport(StudyError):
    """A woman is screened once, by her first report."""

    code = "not_her_first_report"
    message = _("She reported before: she is screened by her first report.")
    http_status = 409


class ScreenedMeanwhile(StudyError):
    """Somebody else screened her since the page was opened: what they found stands until it is looked at."""

    code = "screened_meanwhile"
    message = _("Somebody else has screened her meanwhile: nothing was saved. Look at what they found first.")
    http_status = 409


class ScreeningIncomplete(StudyError):
    """A condition has no answer; blank is neither yes nor no."""

    code = "screening_incomplete"
    message = _("Answer every condition, or say that she could not be reached.")


@transaction.atomic
def read_report(*, by: User, report: IncidentReport, now: datetime) -> ReportEntry:
    """Open a report's box for the supervisor of its station; each opening is recorded.

    Raise ReportOutOfReach, or what `report_sealing.open_report` raises.
    """
    require(by, Permission.SCREEN_REPORTS)
    require_own_report(by, report, now)
    entry = open_report(report)
    record(actor=by, action="participants.read_report", object_type="report", object_id=report.code)
    return entry


@transaction.atomic
def screen_report(
    *, by: User, report: IncidentReport, answers: ScreeningAnswers, seen: int, now: datetime
) -> Screening:
    """Write down what a screening found; it replaces the one before, which stays in the log.

    `seen` is the number of the last attempt that the screener has seen (0 for none). Of two at once the second gets
    ScreenedMeanwhile. Raise ReportOutOfReach, NotHerFirstReport, AlreadyEnrolled, ScreeningIncomplete or
    ScreeningRulesMissing.
    """
    require(by, Permission.SCREEN_REPORTS)
    require_own_report(by, report, now)
    locked = IncidentReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if locked.participant_id is not None:
        raise AlreadyEnrolled
    if locked.first_report_id is not None:
        raise NotHerFirstReport
    before = queries.current_screening(locked)
    if seen != (before.attempt if before else 0):
        raise ScreenedMeanwhile
    finding = _finding(answers)
    Screening.objects.filter(report=locked, superseded_at=None).update(superseded_at=now)
    screening = Screening.objects.create(
        report=locked,
        attempt=seen + 1,
        outcome=finding.outcome,
        reasons=list(finding.reasons),
        refusal=finding.refusal,
        age=answers.age if answers.reached else None,
        household_seen=queries.is_household_enrolled(locked.station, open_report(locked)),
        protocol_version=active_version().version,
        screened_at=now,
        screened_by=by,
        screener_role=by.role,
        knows_arm=answers.knows_arm,
        station_allocated=queries.is_study_station(locked.station),
    )
    record(
        actor=by,
        action="participants.screen_report",
        object_type="report",
        object_id=locked.code,
        details={"attempt": screening.attempt, "outcome": finding.outcome, "reasons": list(finding.reasons)},
    )
    return screening


def require_own_report(person: User, report: IncidentReport, now: datetime) -> None:
    """Let a supervisor pass who serves at the report's station now. Raise ReportOutOfReach."""
    station = queries.serving_station(person, timezone.localdate(now))
    if station is None or station.pk != report.station_id:
        raise ReportOutOfReach


def _finding(answers: ScreeningAnswers) -> eligibility.Finding:
    rules = queries.screening_rules()
    codes = [rule.code for rule in rules.rules]
    if eligibility.unanswered(answers, rules=codes):
        raise ScreeningIncomplete
    return eligibility.find(answers, rules=codes, min_age=rules.min_age)
