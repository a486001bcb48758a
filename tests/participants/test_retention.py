"""A report from which nobody was enrolled stops saying who made it; what is counted stays."""

from datetime import timedelta

import pytest

from audit.models import Event
from participants import queries, services, tasks
from participants.models import IncidentReport, ReportBox, Screening
from participants.sealing import IdentityErased
from protocol.queries import current_protocol
from tests.factories import NOW
from tests.participants.test_eligibility import answers
from tests.participants.test_intake import OTHER, further, receive
from tests.participants.test_screening import screen
from tests.participants.test_services import enrol

DAYS = timedelta(days=365)
SHORTLY = timedelta(seconds=1)
NOT_ELIGIBLE = answers(partner=False)


@pytest.fixture
def report(care) -> IncidentReport:
    return receive(care.supervisor).report


def forget(now) -> int:
    return services.forget_reports(by=tasks.SWEEPER, now=now)


def named(report: IncidentReport) -> bool:
    return ReportBox.objects.filter(report=report, destroyed_at=None, wrapped__isnull=False).exists()


def test_the_days_are_the_protocols(care):
    assert timedelta(days=current_protocol().screening.keep_identities_days) == DAYS


@pytest.mark.parametrize(("after", "forgotten"), [(DAYS - SHORTLY, 0), (DAYS, 1), (DAYS * 3, 1)])
@pytest.mark.parametrize("found", [None, NOT_ELIGIBLE])
def test_a_report_is_forgotten_on_its_day(care, report, found, after, forgotten):
    if found is not None:
        screen(care.supervisor, report, found)

    assert forget(NOW + after) == forgotten
    assert named(report) is not bool(forgotten)


def test_a_later_screening_or_report_begins_the_days_anew(care, report):
    screen(care.supervisor, report, NOT_ELIGIBLE)
    screen(care.supervisor, report, NOT_ELIGIBLE, seen=1, now=NOW + timedelta(days=100))
    assert forget(NOW + DAYS) == 0

    again = receive(care.supervisor, further(), now=NOW + timedelta(days=200)).report
    assert again.first_report == report
    assert forget(NOW + timedelta(days=100) + DAYS) == 0
    assert forget(NOW + timedelta(days=200) + DAYS) == 2
    assert not named(report)
    assert not named(again)


def test_the_reports_of_a_woman_who_joined_stay(care, report):
    screening = screen(care.supervisor, report)
    enrol(care.supervisor, screening=screening)

    assert forget(NOW + DAYS * 5) == 0
    assert named(report)


def test_what_is_counted_stays_and_who_it_was_does_not_come_back(care, report):
    screen(care.supervisor, report, NOT_ELIGIBLE)
    forget(NOW + DAYS)

    assert Screening.objects.get().outcome == "not_eligible"
    (listed,) = queries.reports_listed(care.supervisor)
    assert queries.masked_report_names([listed]) == {report.pk: ""}
    with pytest.raises(IdentityErased):
        services.read_report(by=care.supervisor, report=listed, now=NOW)


def test_the_sweep_is_safe_to_run_twice_and_is_recorded_once(care, report):
    receive(care.supervisor, OTHER)
    for _again in range(2):
        forget(NOW + DAYS)

    (event,) = Event.objects.filter(action="participants.forget_reports")
    assert event.details == {"reports": 2}
