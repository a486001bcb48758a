"""Reports as they come in: which are new, which are hers who is known, and that none is lost or readable."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import services
from participants.identity import Identity
from participants.intake import Fate
from participants.models import IncidentReport, Participant, PoliceReport, ReportBox
from participants.report_entry import ReportEntry
from participants.report_sealing import open_report
from tests.factories import NOW, TODAY, OfficerFactory, StationFactory, UserFactory, lock_allocation
from tests.participants.test_services import ROSA, enrol

ENTRY = ReportEntry("2026-001234", TODAY - timedelta(days=2), replace(ROSA, aggressor_name="Juan Inventado Pérez"))
OTHER = ReportEntry("2026-001240", TODAY, Identity("Carmen Luna Sulca", document="40506070", telephone="911222333"))
TYPED = IncidentReport.Source.TYPED


def receive(by, entry=ENTRY, now=NOW):
    return services.receive_report(by=by, entry=entry, source=TYPED, now=now)


def further(entry: ReportEntry = ENTRY, *, number="2026-009999", days=0, **woman) -> ReportEntry:
    return ReportEntry(number, entry.reported_on + timedelta(days=days), replace(entry.woman, **woman))


def test_a_report_is_kept_by_a_code_and_says_nothing_of_her(care):
    received = receive(care.supervisor)

    report = IncidentReport.objects.get()
    assert (received.report, received.fate) == (report, Fate.NEW)
    assert report.code == f"R{report.pk:06d}"
    assert (report.station, report.reported_on, report.received_by) == (
        care.station,
        ENTRY.reported_on,
        care.supervisor,
    )
    assert open_report(report) == ENTRY
    assert repr(ENTRY) == "ReportEntry(sealed)"
    assert [event.details for event in Event.objects.all()] == [{"fate": "new", "source": "typed"}]
    assert Event.objects.get().object_id == report.code


def test_boxes_of_different_reports_have_one_length(care):
    receive(care.supervisor)
    receive(care.supervisor, OTHER)

    assert {len(box.ciphertext) for box in ReportBox.objects.all()} == {12 + 1024 + 16}


@pytest.mark.parametrize("number", ["2026-001234", " 2026 / 001234 ", "2026001234"])
def test_the_same_number_again_is_the_same_report(care, number):
    first = receive(care.supervisor)

    again = receive(care.supervisor, replace(ENTRY, number=number))

    assert (again.report, again.fate) == (first.report, Fate.AGAIN)
    assert (IncidentReport.objects.count(), Event.objects.count()) == (1, 1)


def test_the_number_of_another_womans_report_is_refused_and_nothing_is_lost(care):
    receive(care.supervisor)

    with pytest.raises(services.ReportNumberTaken):
        receive(care.supervisor, replace(OTHER, number=ENTRY.number))

    assert IncidentReport.objects.count() == 1


def test_the_same_number_at_another_station_is_another_report(db):
    here, there = StationFactory(), StationFactory()
    lock_allocation({here: "control", there: "both"})
    supervisors = [OfficerFactory(user__role=Role.SUPERVISOR, posted_at=station).user for station in (here, there)]

    for supervisor, entry in zip(supervisors, (ENTRY, replace(OTHER, number=ENTRY.number)), strict=True):
        assert receive(supervisor, entry).fate == Fate.NEW


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"full_name": "Otra Forma del Nombre", "telephone": ""}, id="same document"),
        pytest.param({"document": ""}, id="same name and telephone"),
        pytest.param({"full_name": "QUISPE HUAMAN, Rosa", "document": "", "telephone": "+51 987654321"}, id="as typed"),
    ],
)
def test_the_same_woman_again_joins_her_first_report(care, again):
    first = receive(care.supervisor).report

    second = receive(care.supervisor, further(**again))
    third = receive(care.supervisor, further(number="2026-010000", days=1))

    assert [received.fate for received in (second, third)] == [Fate.SAME_WOMAN] * 2
    assert [received.report.first_report for received in (second, third)] == [first, first]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"document": "", "telephone": ""}, id="same name only"),
        pytest.param({"document": "", "full_name": "Otra Persona"}, id="same telephone only"),
        pytest.param({"document": "45678902", "telephone": ""}, id="another document"),
    ],
)
def test_women_who_share_a_name_or_a_telephone_are_two_to_screen(care, other):
    receive(care.supervisor)

    assert receive(care.supervisor, further(**other)).fate == Fate.NEW


@pytest.mark.parametrize(("days", "counts"), [(-1, 0), (0, 1), (1, 1)])
def test_a_report_of_an_enrolled_woman_is_a_re_report_of_hers(care, days, counts):
    woman = enrol(care.supervisor)
    later = datetime(2026, 11, 20, 15, tzinfo=UTC)

    received = receive(care.supervisor, replace(ENTRY, reported_on=TODAY + timedelta(days=days)), later)

    assert (received.fate, received.report.participant) == (Fate.ENROLLED, woman)
    assert PoliceReport.objects.filter(participant=woman, report=received.report).count() == counts
    assert Participant.objects.get() == woman


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (replace(ENTRY, number=" - "), services.ReportNumberMissing),
        (replace(ENTRY, woman=replace(ROSA, full_name="  ")), services.NameMissing),
        (replace(ENTRY, reported_on=TODAY + timedelta(days=1)), services.ReportInFuture),
    ],
)
def test_a_report_that_breaks_a_rule_writes_nothing(care, entry, error):
    with pytest.raises(error):
        receive(care.supervisor, entry)

    assert (IncidentReport.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(("utc", "is_future"), [((2026, 11, 19, 4, 59), True), ((2026, 11, 19, 5, 0), False)])
def test_the_day_of_a_report_is_lima_s(care, utc, is_future):
    entry, now = replace(ENTRY, reported_on=date(2026, 11, 19)), datetime(*utc, tzinfo=UTC)

    if is_future:
        with pytest.raises(services.ReportInFuture):
            receive(care.supervisor, entry, now)
    else:
        assert receive(care.supervisor, entry, now).fate == Fate.NEW


def test_only_a_supervisor_at_a_station_of_the_study_receives_reports(care):
    for somebody in (care.officer, care.interviewer, UserFactory(role=Role.RESEARCHER)):
        with pytest.raises(PermissionMissing):
            receive(somebody)
    elsewhere = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user
    for supervisor in (elsewhere, UserFactory(role=Role.SUPERVISOR)):
        with pytest.raises(services.StationNotInStudy):
            receive(supervisor)


def test_reports_are_seen_at_their_station_by_its_supervisor_only(care):
    report = receive(care.supervisor).report
    there = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user

    assert list(IncidentReport.objects.visible_to(care.supervisor)) == [report]
    for user in (care.officer, care.interviewer, there, UserFactory(role=Role.ADMINISTRATOR)):
        assert not IncidentReport.objects.visible_to(user).exists()
