"""The screening log, and enrolment that goes on from it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, services
from participants.eligibility import ScreeningAnswers
from participants.identity import Identity
from participants.intake import Fate
from participants.models import IncidentReport, Participant, PoliceReport, Screening
from protocol.models import ProtocolVersion
from protocol.queries import current_protocol
from tests.factories import NOW, TODAY, OfficerFactory, ParticipantFactory, StationFactory, lock_allocation
from tests.participants.conftest import make_care
from tests.participants.screenings import eligible
from tests.participants.test_eligibility import answers
from tests.participants.test_intake import ENTRY, OTHER, further, receive
from tests.participants.test_services import ROSA, enrol

UNREACHED = ScreeningAnswers(reached=False, knows_arm=False)


@pytest.fixture
def report(care) -> IncidentReport:
    return receive(care.supervisor).report


def screen(by, report, found=None, seen=0, now=NOW):
    return services.screen_report(by=by, report=report, answers=found or answers(), seen=seen, now=now)


def test_a_screening_says_who_found_what_when_and_how_blind(care, report):
    screening = screen(care.supervisor, report, answers(partner=False, safe_to_approach=False))

    assert (screening.outcome, screening.reasons) == ("not_eligible", ["partner", "safe_to_approach"])
    assert (screening.screened_by, screening.screener_role, screening.screened_at) == (
        care.supervisor, "supervisor", NOW,
    )  # fmt: skip
    assert (screening.knows_arm, screening.station_allocated, screening.protocol_version) == (False, True, "1")
    event = Event.objects.get(action="participants.screen_report")
    assert event.object_id == report.code
    assert event.details == {"attempt": 1, "outcome": "not_eligible", "reasons": ["partner", "safe_to_approach"]}


def test_a_later_try_counts_and_the_earlier_one_stays(care, report):
    screen(care.supervisor, report, UNREACHED)
    screen(care.supervisor, report, seen=1, now=NOW + timedelta(days=1))

    assert list(Screening.objects.values_list("attempt", "outcome", "superseded_at")) == [
        (1, "unreachable", NOW + timedelta(days=1)),
        (2, "eligible", None),
    ]
    assert queries.current_screening(report).attempt == 2


def test_what_somebody_else_found_meanwhile_is_not_overrun(care, report):
    screen(care.supervisor, report, answers(partner=False))

    with pytest.raises(services.ScreenedMeanwhile):
        screen(care.supervisor, report, UNREACHED)

    assert Screening.objects.get().outcome == "not_eligible"


def test_two_people_screen_the_same_report_at_once(committed_study):
    care = make_care()
    other = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=care.station).user
    report = receive(care.supervisor).report
    together = Barrier(2)

    def attempt(by):
        together.wait()
        try:
            return screen(by, report).outcome
        except services.ScreenedMeanwhile as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(attempt, [care.supervisor, other]))

    assert sorted(found) == ["eligible", "screened_meanwhile"]
    assert Screening.objects.count() == 1


@pytest.mark.parametrize(
    "found",
    [
        ScreeningAnswers(reached=True, knows_arm=False, age=34, rules={"partner": True}),
        ScreeningAnswers(reached=True, knows_arm=False, rules=answers().rules),
    ],
)
def test_a_condition_without_an_answer_is_asked_for(care, report, found):
    with pytest.raises(services.ScreeningIncomplete):
        screen(care.supervisor, report, found)

    assert not Screening.objects.exists()


def test_only_the_supervisor_of_the_station_screens(care, report):
    there = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user
    for act in (
        lambda by: screen(by, report),
        lambda by: services.read_report(by=by, report=report, now=NOW),
    ):
        with pytest.raises(services.ReportOutOfReach):
            act(there)
        with pytest.raises(PermissionMissing):
            act(care.officer)


def test_a_posting_that_ends_at_midnight_ends_the_screening_there(care, report):
    care.supervisor.officer.postings.update(ends_on=TODAY)

    screen(care.supervisor, report, UNREACHED, now=datetime(2026, 11, 19, 4, 59, 59, tzinfo=UTC))
    with pytest.raises(services.ReportOutOfReach):
        screen(care.supervisor, report, seen=1, now=datetime(2026, 11, 19, 5, tzinfo=UTC))


def test_she_is_screened_by_her_first_report_only(care, report):
    second = receive(care.supervisor, further()).report

    with pytest.raises(services.NotHerFirstReport):
        screen(care.supervisor, second)


def test_an_older_protocol_has_no_rules_to_screen_by(care, report):
    version = ProtocolVersion.objects.get()
    text = version.source
    version.source = text[: text.index("# Who of those who reported")] + text[text.index("[instruments]") :]
    version.sha256 = "b" * 64
    version.save()

    with pytest.raises(queries.ScreeningRulesMissing):
        screen(care.supervisor, report)


def test_reading_a_report_is_recorded_without_saying_who(care, report):
    assert services.read_report(by=care.supervisor, report=report, now=NOW) == ENTRY

    event = Event.objects.get(action="participants.read_report")
    assert (event.object_id, event.details) == (report.code, {})


def test_a_home_where_a_woman_is_enrolled_is_noticed_at_her_station(care, report):
    enrol(care.supervisor, Identity("Luz Sulca", document="1", address="Jirón Los Jilgueros No. 123"))

    assert screen(care.supervisor, report).household_seen
    elsewhere = receive(care.supervisor, OTHER).report
    assert not screen(care.supervisor, elsewhere).household_seen


# --- Enrolment --------------------------------------------------------------------------------------------------------


def test_enrolment_goes_on_from_her_screening_and_every_report_leads_to_her(care, report):
    again = receive(care.supervisor, further(days=1)).report
    screening = screen(care.supervisor, report)

    woman = enrol(care.supervisor, screening=screening)

    assert woman.screening == screening
    assert set(woman.incident_reports.all()) == {report, again}
    assert not PoliceReport.objects.exists()  # both came before
    later = receive(care.supervisor, further(number="2026-011111", days=3), NOW + timedelta(days=2))
    assert (later.fate, later.report.participant) == (Fate.ENROLLED, woman)


@pytest.mark.parametrize("found", [UNREACHED, answers(partner=False), answers(refusal="time")])
def test_nobody_is_enrolled_who_was_not_found_eligible(care, report, found):
    with pytest.raises(services.NotScreened):
        enrol(care.supervisor, screening=screen(care.supervisor, report, found))


def test_a_screening_that_was_replaced_enrols_nobody(care, report):
    first = screen(care.supervisor, report)
    screen(care.supervisor, report, answers(refusal="not_said"), seen=1)

    with pytest.raises(services.NotScreened):
        enrol(care.supervisor, screening=first)


def test_a_screening_enrols_once(care, report):
    screening = screen(care.supervisor, report)
    enrol(care.supervisor, screening=screening)

    with pytest.raises(services.AlreadyEnrolled):
        enrol(care.supervisor, screening=screening)
    with pytest.raises(services.AlreadyEnrolled):
        screen(care.supervisor, report, seen=1)


def test_another_stations_screening_enrols_nobody_here(care):
    elsewhere = eligible(ROSA, care.supervisor, StationFactory())

    with pytest.raises(services.NotScreened):
        enrol(care.supervisor, screening=elsewhere)


def test_another_woman_than_the_one_screened_is_not_enrolled(care, report):
    screening = screen(care.supervisor, report)

    with pytest.raises(services.NotTheWomanScreened):
        enrol(care.supervisor, Identity("Otra Mujer", document="1", telephone="9"), screening=screening)
    corrected = replace(ROSA, full_name="Rosa María Quispe", document="45678901")
    assert enrol(care.supervisor, corrected, screening=screening).screening == screening


def test_she_who_was_not_eligible_at_one_station_may_be_screened_at_another(db):
    here, there = StationFactory(), StationFactory()
    lock_allocation({here: "control", there: "both"})
    first, second = (OfficerFactory(user__role=Role.SUPERVISOR, posted_at=at).user for at in (here, there))
    report = receive(first).report
    assert receive(second, further()).fate == Fate.SAME_WOMAN

    screen(first, report, answers(lives_in_area=False))

    again = receive(second, further(number="2026-777"))
    assert (again.fate, again.report.first_report) == (Fate.NEW, None)
    assert receive(first, further(number="2026-778")).report.first_report == report


# --- The station's number ---------------------------------------------------------------------------------------------


def fill(station, *, room: int) -> None:
    for _ in range(current_protocol().sampling.women_per_station - room):
        ParticipantFactory(station=station)


def three_at_most() -> None:
    version = ProtocolVersion.objects.get()
    version.source = version.source.replace("women_per_station = 100", "women_per_station = 3")
    version.sha256 = "c" * 64
    version.save()


@pytest.mark.parametrize(("room", "fits"), [(1, True), (0, False)])
def test_a_station_takes_no_more_women_than_the_protocol_says(care, room, fits):
    three_at_most()
    fill(care.station, room=room)

    if fits:
        assert enrol(care.supervisor).station == care.station
    else:
        with pytest.raises(services.StationFull, match="3 women"):
            enrol(care.supervisor)


def test_women_who_left_still_count_and_an_amendment_makes_room(care):
    three_at_most()
    fill(care.station, room=0)
    Participant.objects.update(status="withdrawn")
    with pytest.raises(services.StationFull):
        enrol(care.supervisor)

    version = ProtocolVersion.objects.get()
    version.source = version.source.replace("women_per_station = 3", "women_per_station = 4")
    version.sha256 = "d" * 64
    version.save()

    assert enrol(care.supervisor).station == care.station


def test_two_enrolments_at_once_into_the_last_place(committed_study):
    care = make_care()
    three_at_most()
    fill(care.station, room=1)
    together = Barrier(2)

    def attempt(identity):
        together.wait()
        try:
            return enrol(care.supervisor, identity).status
        except services.StationFull as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(attempt, [ROSA, Identity("Ana Luz", document="77")]))

    assert sorted(found) == ["enrolled", "station_full"]
    assert Participant.objects.filter(station=care.station).count() == 3
