"""From reports to enrolment in numbers: whole for the administrator, no small cell for the board, no arm for either."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from participants.models import IncidentReport, Participant, Screening
from participants.queries import enrolment_progress, exclusion_counts, recruiters, recruitment_flow
from stations.queries import study_stations
from tests.factories import NOW, TODAY, ParticipantFactory, UserFactory

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def screener(db):
    return UserFactory(role=Role.SUPERVISOR, display_name="Supervisora Inventada")


@pytest.fixture
def add(allocated, screener):
    """Write a woman's report as it stands: its station by number, its day, and what the screening found."""
    stations = [drawn.station for drawn in study_stations()]

    def write(station=0, day=TODAY, outcome="", reasons=(), enrolled=False, times=1, **fields):
        for _ in range(times):
            number = IncidentReport.objects.count() + 1
            woman = ParticipantFactory(station=stations[station], enrolled_on=day) if enrolled else None
            report = IncidentReport.objects.create(
                code=f"R{number:06d}", station=stations[station], reported_on=day, received_at=NOW, source="file",
                participant=woman,
            )  # fmt: skip
            if outcome:
                Screening.objects.create(
                    report=report, attempt=1, outcome=outcome, reasons=list(reasons), participant=woman,
                    refusal="time" if outcome == "refused" else "", protocol_version="1", screened_at=NOW,
                    screened_by=screener, screener_role="supervisor",
                    **{"knows_arm": False, "station_allocated": True, **fields},
                )  # fmt: skip
        return report

    return write


def opened(client, role, **query):
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "en"
    return client.get(reverse("recruitment"), query)


def line(rows, label):
    (row,) = [row for row in rows if row.label == label]
    return row.reported, row.counts


def test_each_woman_counts_once_where_and_when_she_first_reported(add):
    add(day=date(2026, 10, 31))
    add(outcome="unreachable")
    add(outcome="not_eligible", reasons=["partner", "adult"])
    add(outcome="refused")
    add(outcome="eligible")
    first = add(outcome="eligible", enrolled=True)
    IncidentReport.objects.create(
        code="R9", station=first.station, reported_on=TODAY, received_at=NOW, source="file", first_report=first
    )
    # Another report of hers, at another station and linked only when she was enrolled.
    other = add(station=1, outcome="eligible")
    IncidentReport.objects.filter(pk=other.pk).update(participant=first.participant)

    october, november = recruitment_flow()

    assert (october.month, october.flow.reported, october.flow.to_screen) == (OCTOBER, 1, 1)
    assert (november.station_id, november.month) == (first.station_id, NOVEMBER)
    flow = november.flow
    assert (flow.unreachable, flow.not_eligible, flow.refused, flow.to_enrol, flow.enrolled) == (1, 1, 1, 1, 1)
    assert (flow.reported, flow.screened, flow.eligible) == (5, 5, 3)
    assert exclusion_counts() == {first.station_id: {"adult": 1, "partner": 1}}


def test_only_the_last_screening_counts(add):
    report = add(outcome="not_eligible", reasons=["partner"])
    Screening.objects.update(superseded_at=NOW)
    before = Screening.objects.get()
    before.pk, before.attempt, before.outcome, before.reasons, before.superseded_at = None, 2, "eligible", [], None
    before.save()

    assert [cell.flow.to_enrol for cell in recruitment_flow()] == [1]
    assert exclusion_counts() == {}
    assert [(row.screened, row.station_id) for row in recruiters()] == [(1, report.station_id)]


def test_who_screened_and_how_blind(add):
    add(outcome="eligible", enrolled=True, knows_arm=True)
    add(outcome="refused", station_allocated=False)
    add(outcome="not_eligible", reasons=["partner"])

    (row,) = recruiters()

    assert (row.name, row.role) == ("Supervisora Inventada", "supervisor")
    assert (row.screened, row.eligible, row.enrolled, row.knew_arm, row.before_allocation) == (3, 2, 1, 1, 1)


def test_the_administrator_sees_every_number_and_who_screened(client, add):
    add(outcome="eligible", enrolled=True, times=2)
    add(outcome="refused")
    add(station=3, day=date(2026, 10, 2), outcome="not_eligible", reasons=["lives_in_area"])

    response = opened(client, Role.ADMINISTRATOR)

    assert line(response.context["stations"], "Estación 01") == (3, (0, 0, 0, 1, 0, 2))
    assert line(response.context["stations"], "All") == (4, (0, 0, 1, 1, 0, 2))
    assert line(response.context["months"], "October 2026") == (1, (0, 0, 1, 0, 0, 0))
    words = response.content.decode()
    assert "Supervisora Inventada" in words
    assert ("Lives outside the station's area", 1) in response.context["excluded"]
    fourth = study_stations()[3].station_id
    of_one = opened(client, Role.ADMINISTRATOR, estacion=fourth).context
    assert [row.label for row in of_one["months"]] == ["October 2026", "All"]
    assert opened(client, Role.ADMINISTRATOR, estacion="nonsense").status_code == 200


def test_the_board_sees_no_small_cell_no_name_and_nothing_by_which_they_could_be_worked_out(client, add):
    add(outcome="eligible", enrolled=True, times=3)
    add(outcome="refused", times=20)
    add(station=1, outcome="eligible", enrolled=True, times=9)
    add(station=1, outcome="refused", times=8, knows_arm=True)
    add(outcome="not_eligible", reasons=["lives_in_area"], times=2)

    response = opened(client, Role.ETHICS_BOARD, estacion=study_stations()[1].station_id)

    context, words = response.context, response.content.decode()
    shown = {
        count for table in ("stations", "months") for row in context[table] for count in (*row.counts, row.reported)
    }
    assert not shown & {1, 2, 3, 4}
    assert None in shown
    assert line(context["stations"], "All")[0] == 42  # the choice of a station is the administrator's
    assert dict(context["excluded"])["Lives outside the station's area"] is None
    assert "Supervisora" not in words
    assert "of 42 screenings" in words.lower()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_the_page_names_no_arm_and_no_real_station(client, add, role):
    add(outcome="eligible", times=6)

    words = opened(client, role).content.decode()

    assert not any(word in words for word in ("control", "Training", "Risk scale", "Visits as usual"))
    assert not any(drawn.station.name in words for drawn in study_stations())


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_before_anything_came_in_it_says_so(client, allocated, role):
    assert "Nothing has come in yet" in opened(client, role).content.decode()


@pytest.mark.parametrize("women", [1, 3])
def test_the_page_takes_as_many_queries_for_three_as_for_one(client, add, women, django_assert_num_queries):
    for station in range(women):
        add(station=station, outcome="eligible", enrolled=True)
    opened(client, Role.ADMINISTRATOR)

    with django_assert_num_queries(8):
        client.get(reverse("recruitment"))


def test_progress_counts_all_who_were_ever_enrolled(add):
    station = add(day=TODAY - timedelta(days=3), enrolled=True, outcome="eligible", times=4).station
    Participant.objects.filter(station=station).update(status="withdrawn")

    found = enrolment_progress([station.pk], today=TODAY)[station.pk]

    assert (found.enrolled, found.wanted, found.this_week, found.wanted_a_week) == (4, 100, 0, 8)
    assert found.forecast is not None


def test_the_overview_says_when_each_station_will_be_complete(client, add):
    add(day=TODAY - timedelta(days=3), outcome="eligible", enrolled=True, times=4)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.cookies["idioma"] = "en"

    words = client.get(reverse("study_overview")).content.decode()

    assert "Complete about" in words
    assert "This week (of 8)" in words
