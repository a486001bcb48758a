"""Enrolment by station and week: the whole matrix for readers of the arm, and nothing of it for anybody else."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from monitoring.small_multiples import BOTTOM, LEFT, RIGHT, TOP, panel
from monitoring.station_weeks import Counted, Matrix, matrix
from participants.models import IncidentReport, Participant, Screening
from participants.recruitment import Flow, FlowCell
from stations.queries import study_stations
from tests.factories import NOW, ParticipantFactory, UserFactory

# A Wednesday.
TODAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 16)
WEEK = timedelta(days=7)
CODES = {7: "Estación 01", 8: "Estación 02"}
READERS = (Role.ADMINISTRATOR, Role.STATISTICIAN)


def laid_out(first=None, second=None, *, flow=(), screenings=None, wanted=10, wanted_a_week: int | None = 3) -> Matrix:
    known = Counted({7: first or {}, 8: second or {}}, list(flow), screenings or {})
    return matrix(known, CODES, wanted=wanted, wanted_a_week=wanted_a_week, today=TODAY)


def test_every_station_has_every_week_since_the_first_woman_anywhere():
    found = laid_out({MONDAY - 2 * WEEK: 3, MONDAY: 1}, {MONDAY - WEEK + timedelta(days=6): 2})

    assert found.mondays == (MONDAY - 2 * WEEK, MONDAY - WEEK, MONDAY)
    assert [one.enrolled for one in found.stations] == [(3, 0, 1), (0, 2, 0)]
    assert [one.so_far for one in found.stations] == [(3, 3, 4), (0, 2, 2)]
    # The pace counts from a station's own first week, and ends at the number wanted.
    assert [one.wanted_so_far for one in found.stations] == [(3, 6, 9), (None, 3, 6)]
    assert found.sums == (3, 2, 1)


def test_before_anybody_is_enrolled_there_is_no_week():
    found = laid_out({TODAY + WEEK: 2})
    assert (found.mondays, found.sums, [one.enrolled for one in found.stations]) == ((), (), [(), ()])


def test_once_every_station_is_complete_the_weeks_end_with_the_last_woman():
    full = {MONDAY - 9 * WEEK: 6, MONDAY - 7 * WEEK: 4}
    over = laid_out(full, {MONDAY - 8 * WEEK: 11})
    assert (over.is_over, over.mondays) == (True, tuple(MONDAY - number * WEEK for number in (9, 8, 7)))
    assert (over.sums, [one.is_behind for one in over.stations]) == ((6, 11, 4), [False, False])
    going_on = laid_out(full, {MONDAY - 8 * WEEK: 9})
    assert (going_on.is_over, len(going_on.mondays)) == (False, 10)


@pytest.mark.parametrize(
    ("days", "is_behind"),
    [
        # 6 were wanted by the end of last week.
        ({MONDAY - 2 * WEEK: 3, MONDAY - WEEK: 3}, False),
        ({MONDAY - 2 * WEEK: 3, MONDAY - WEEK: 2}, True),
        # What came this week makes up for it; this week itself is not over.
        ({MONDAY - 2 * WEEK: 3, MONDAY - WEEK: 2, MONDAY: 1}, False),
        ({MONDAY: 1}, False),
        ({}, False),
    ],
)
def test_a_station_is_behind_by_the_weeks_that_are_over(days, is_behind):
    assert laid_out(days).stations[0].is_behind is is_behind
    assert laid_out(days, wanted_a_week=None).stations[0].is_behind is False


@pytest.mark.parametrize(
    ("days", "is_never_full"),
    [({MONDAY: 1}, False), ({MONDAY - 20 * WEEK: 9}, True), ({MONDAY - 20 * WEEK: 10}, False), ({}, True)],
)
def test_whoever_enrolled_nobody_of_late_is_not_full_at_this_pace(days, is_never_full):
    assert laid_out(days).stations[0].is_never_full is is_never_full


def test_each_station_has_its_own_consent_rate_and_share_of_blind_screenings():
    flow = [
        FlowCell(7, date(2026, 10, 1), Flow(enrolled=2, refused=1, to_screen=9)),
        FlowCell(7, date(2026, 11, 1), Flow(enrolled=1)),
        FlowCell(8, date(2026, 11, 1), Flow(to_screen=3)),
    ]
    found = laid_out({MONDAY: 3}, flow=flow, screenings={7: (8, 2)})
    assert [(one.agreed_pct, one.blinded_pct) for one in found.stations] == [(75, 75), (None, None)]


_DAYS = st.dictionaries(st.dates(TODAY - 80 * WEEK, TODAY + WEEK), st.integers(1, 9), max_size=12)


@given(_DAYS, _DAYS)
def test_weeks_add_up_to_the_stations_and_to_all(first, second):
    found = laid_out(first, second)
    for one in found.stations:
        assert len(one.enrolled) == len(one.so_far) == len(one.wanted_so_far) == len(found.mondays)
        assert sum(one.enrolled) == one.progress.enrolled
        assert one.so_far[-1:] == ((one.progress.enrolled,) if found.mondays else ())
    assert sum(found.sums) == sum(one.progress.enrolled for one in found.stations)


@given(st.lists(st.integers(0, 120), min_size=1, max_size=60), st.integers(1, 100))
def test_a_drawing_stays_within_its_edges(reached, wanted):
    most = max(*reached, wanted)
    drawn = panel(reached, [None, *reached[1:]], wanted=wanted, most=most)
    points = [tuple(map(float, point.split(","))) for point in f"{drawn.reached} {drawn.pace}".split()]
    assert len(points) == 2 * len(reached) - 1
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
    assert TOP <= drawn.wanted_y < BOTTOM


# --- The page and its file ------------------------------------------------------------------------------------------


@pytest.fixture
def enrol(allocated):
    """Enrol women at a station by number on a day, each screened by somebody."""
    screener = UserFactory(role=Role.SUPERVISOR)

    def write(station: int, day: date, *, knows_arm: bool = False) -> None:
        place = study_stations()[station].station
        woman = ParticipantFactory(station=place, enrolled_on=day)
        number = IncidentReport.objects.count() + 1
        report = IncidentReport.objects.create(
            code=f"R{number:06d}", station=place, reported_on=day, received_at=NOW, source="file", participant=woman
        )
        Screening.objects.create(
            report=report, attempt=1, outcome="eligible", reasons=[], participant=woman, refusal="",
            protocol_version="1", screened_at=NOW, screened_by=screener, screener_role="supervisor",
            knows_arm=knows_arm, station_allocated=True,
        )  # fmt: skip

    return write


def opened(client, role, name="station_weeks", language="en"):
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = language
    return client.get(reverse(name))


@pytest.mark.requirement("F50")
@pytest.mark.parametrize("role", READERS)
def test_readers_of_the_arm_see_each_station_in_each_week(client, enrol, role):
    today = timezone.localdate()
    enrol(0, today, knows_arm=True)
    enrol(0, today - 3 * WEEK)
    enrol(1, today - WEEK)

    response = opened(client, role)

    lines = response.context["page"].lines
    assert [[cell.enrolled for cell in line.cells] for line in lines[:3]] == [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert (lines[0].station.agreed_pct, lines[0].station.blinded_pct) == (100, 50)
    words = response.content.decode()
    assert "not at this pace" in words
    assert not any(drawn.station.name in words for drawn in study_stations())
    assert not any(word in words for word in ("control", "Training", "Risk scale", "Visits as usual"))


@pytest.mark.requirement("F50")
def test_the_file_holds_what_the_page_shows(client, enrol):
    today = timezone.localdate()
    enrol(0, today)
    enrol(1, today - WEEK)

    response = opened(client, Role.ADMINISTRATOR, "station_weeks_file")

    heading, *rows = csv.reader(io.StringIO(response.content.decode()))
    monday = today - timedelta(days=today.weekday())
    assert heading[0] == "Station"
    assert heading[9:] == [(monday - WEEK).isoformat(), monday.isoformat()]
    assert len(rows) == len(study_stations())
    assert (rows[0][0], rows[0][2], rows[0][9:]) == ("Estación 01", "1", ["0", "1"])
    assert (rows[1][2], rows[1][9:]) == ("1", ["1", "0"])
    assert rows[2][4:7] == ["not at this pace", "", ""]
    page = opened(client, Role.ADMINISTRATOR).context["page"]
    assert [row[0] for row in rows] == [line.station.label for line in page.lines]


@pytest.mark.parametrize("name", ["station_weeks", "station_weeks_file"])
@pytest.mark.parametrize("role", sorted(frozenset(Role) - frozenset(READERS)))
def test_nobody_else_reads_a_station_by_week(client, enrol, role, name):
    assert opened(client, role, name).status_code == 403


@pytest.mark.parametrize("language", ["es", "en"])
def test_before_the_first_woman_it_says_so(client, allocated, language):
    response = opened(client, Role.ADMINISTRATOR, language=language)
    assert response.context["page"] is None
    expected = {"es": "Todavía no hay nadie inscrita", "en": "Nobody is enrolled yet"}
    assert expected[language] in response.content.decode()


@pytest.mark.parametrize("women", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("station_weeks", 7), ("station_weeks_file", 7)])
def test_it_takes_as_many_queries_for_three_as_for_one(client, enrol, name, queries, women, django_assert_num_queries):
    for station in range(women):
        enrol(station, timezone.localdate() - station * WEEK)
    opened(client, Role.ADMINISTRATOR, name)

    with django_assert_num_queries(queries):
        client.get(reverse(name))


def test_women_who_left_count_where_they_were_enrolled(client, enrol):
    enrol(0, timezone.localdate())
    Participant.objects.update(status="withdrawn")
    assert opened(client, Role.ADMINISTRATOR).context["page"].lines[0].station.progress.enrolled == 1
