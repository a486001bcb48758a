"""Who changed a level and why; how often the sheet's level stands; the course of a woman's levels."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from risk import presenters, queries, services
from risk.acceptance import KINDS, Acceptance, acceptance
from risk.charts import Sheet, shade, trajectory
from risk.models import Assessment, Lowering
from stations.queries import study_codes
from tests.factories import NOW, AssessmentFactory, LoweringFactory, ParticipantFactory, UserFactory
from tests.participants.test_views import signed_in
from tests.risk.test_scoring import ALL_NO, ALL_SI
from tests.risk.test_services import assess

DAY = timedelta(days=1)
RANKS = st.integers(-1, 3)


def changed(care, woman):
    """A raise by the officer, then a sheet that comes to less and is lowered."""
    assess(care.officer, woman, ALL_NO, officer_level="severo_1", reason="weapon", woman_rating=9, now=NOW)
    assess(care.officer, woman, ALL_NO, woman_rating=2, now=NOW + 8 * DAY)
    services.confirm_lowering(
        by=care.supervisor, lowering=Lowering.objects.get(participant=woman), reason="safe_place", note="",
        now=NOW + 9 * DAY,
    )  # fmt: skip


@pytest.mark.requirement("N23")
def test_the_ledger_tells_score_officer_reason_and_her_own_rating(care, woman, safety_officer):
    assess(care.officer, ParticipantFactory(station=care.station), ALL_SI)
    changed(care, woman)

    for user in (care.supervisor, safety_officer):
        response = signed_in(user).get(reverse("risk_ledger"))
        page = response.content.decode()
        assert [row.assessment.own_rating for row in response.context["rows"]] == [2, 9]
        for words in ("Subido a «Severo 1", "arma", "Se bajó", "no conoce", care.supervisor.display_name):
            assert words in page
        assert "Quispe" not in page


def test_the_ledger_is_of_the_supervisors_own_station(care):
    elsewhere = AssessmentFactory(raised_reason="weapon", officer_level="severo_1", level="severo_1", level_rank=2)

    assert signed_in(care.supervisor).get(reverse("risk_ledger")).context["rows"] == []
    for role in set(Role) - {Role.SUPERVISOR, Role.SAFETY_OFFICER}:
        assert signed_in(UserFactory(role=role)).get(reverse("risk_ledger")).status_code == 403
    assert Assessment.objects.get() == elsewhere


@pytest.mark.parametrize("sheets", [1, 3])
def test_the_ledger_asks_the_database_the_same(care, sheets, django_assert_num_queries):
    for _ in range(sheets):
        woman = ParticipantFactory(station=care.station)
        AssessmentFactory(participant=woman, raised_reason="weapon", officer_level="severo_1")
    client = signed_in(care.supervisor)

    with django_assert_num_queries(4):
        client.get(reverse("risk_ledger"))


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({}, Acceptance("E", 0, 0, 0, 0, 0)),
        ({"accepted": 4}, Acceptance("E", None, None, None, None, None)),
        ({"accepted": 5}, Acceptance("E", 5, 5, 0, 0, 0)),
        ({"accepted": 90, "raised": 6, "lowered": 4}, Acceptance("E", 100, 90, None, None, 0)),
        ({"accepted": 90, "raised": 3, "lowered": 4}, Acceptance("E", 97, 90, None, None, 0)),
        ({"accepted": 6, "kept": 1}, Acceptance("E", 7, None, 0, 0, None)),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_subtracted(counts, line):
    assert acceptance("E", counts) == line


@given(st.fixed_dictionaries({kind: st.integers(0, 12) for kind in KINDS}))
def test_no_small_number_is_shown_and_none_hides_alone(counts):
    line = acceptance("E", counts)
    shown = [getattr(line, kind) for kind in KINDS]

    assert not any(number is not None and 0 < number < 5 for number in (*shown, line.sheets))
    assert shown.count(None) != 1


def test_acceptance_counts_each_complete_sheet_once(care):
    woman = ParticipantFactory(station=care.station)
    decided = {"decided_at": NOW, "decided_by": care.supervisor}
    for _ in range(5):
        AssessmentFactory(participant=woman)
        AssessmentFactory(participant=woman, raised_reason="weapon", officer_level="severo_1")
        AssessmentFactory(participant=woman, is_complete=False)
        LoweringFactory(assessment__participant=woman, state="confirmed", reason="protected", **decided)
        LoweringFactory(assessment__participant=woman, state="declined", reason="her_fear", **decided)

    code = study_codes()[care.station.pk]
    (line,) = [line for line in queries.acceptance_by_station() if line.code == code]

    assert line == Acceptance(code, 20, accepted=5, raised=5, lowered=5, kept=5)
    assert line.accepted_pct == 25


def test_the_table_by_station_is_for_the_administrator_and_the_safety_officer(care):
    for role in Role:
        expected = 200 if role in {Role.ADMINISTRATOR, Role.SAFETY_OFFICER} else 403
        assert signed_in(UserFactory(role=role)).get(reverse("risk_acceptance")).status_code == expected


# --- The course ------------------------------------------------------------------------------------------------------


def test_the_course_steps_from_level_to_level_and_marks_sheets_ratings_and_reports():
    begin = date(2026, 1, 1)
    sheets = [Sheet(begin, 0, 0, None, is_complete=True), Sheet(begin + 50 * DAY, 3, 3, 10, is_complete=False)]

    chart = trajectory(
        sheets, levels=4, lowered=[(begin + 75 * DAY, 1)], incidents=[begin + 50 * DAY], today=begin + 100 * DAY
    )

    assert chart.rows == (124.0, 90.0, 56.0, 22.0)
    assert chart.held == "30.0,124.0 188.0,124.0 188.0,22.0 267.0,22.0 267.0,90.0 346.0,90.0"
    assert [(mark.x, mark.y, mark.is_complete) for mark in chart.computed] == [
        (30.0, 124.0, True),
        (188.0, 22.0, False),
    ]
    assert [(dot.x, dot.y, dot.value) for dot in chart.own] == [(188.0, chart.own_top, 10)]
    assert chart.incidents == (188.0,)
    assert [(tick.x, tick.anchor) for tick in chart.ticks] == [(30.0, "start"), (346.0, "end")]


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(-1, 3), st.integers(-1, 3), st.none() | st.integers(0, 10)),
        min_size=1,
    ),
    st.lists(st.integers(0, 500), max_size=3),
)
def test_whatever_happened_stays_inside_the_box(drawn, incidents):
    begin = date(2026, 1, 1)
    sheets = [
        Sheet(begin + day * DAY, computed, held, own, is_complete=computed >= 0)
        for day, computed, held, own in sorted(drawn, key=lambda row: row[0])
    ]

    chart = trajectory(
        sheets, levels=4, lowered=[], incidents=[begin + n * DAY for n in incidents], today=begin + 400 * DAY
    )

    points = [tuple(map(float, point.split(","))) for point in chart.held.split()]
    places = [*points, *((mark.x, mark.y) for mark in (*chart.computed, *chart.own))]
    assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in places)


@pytest.mark.parametrize(("levels", "expected"), [(2, [0, 3]), (4, [0, 1, 2, 3]), (7, [0, 0, 1, 2, 2, 2, 3])])
def test_the_lowest_and_the_highest_level_of_any_scale_look_alike(levels, expected):
    assert [shade(rank, levels) for rank in range(levels)] == expected


@pytest.mark.parametrize(
    ("first", "then", "finding"),
    [
        (ALL_NO, ALL_SI, "Subió desde el {day}: de «Leve (riesgo variable)» a «Severo 2 (severo extremo)»"),
        (ALL_SI, ALL_NO, "Igual que el {day}: «Severo 2 (severo extremo)»"),
    ],
)
def test_the_history_says_in_its_title_what_the_picture_shows(care, woman, first, then, finding):
    assess(care.officer, woman, first)
    assess(care.officer, woman, then, now=NOW + DAY)

    page = signed_in(care.officer).get(reverse("risk_history", args=[woman.study_code])).content.decode()

    with override("es"):
        day = date_format(NOW.date(), "SHORT_DATE_FORMAT")
    assert finding.format(day=day) in page
    assert "Los números de esta imagen" in page


def test_a_lowered_level_has_fallen(care, woman):
    changed(care, woman)

    course = presenters.course(list(queries.assessments_of(woman)), [], (NOW + 20 * DAY).date())

    assert course is not None
    assert course.finding.startswith(("Bajó", "Fallen"))


def test_without_a_level_there_is_no_picture(care, woman):
    assess(care.officer, woman, {"1": "no"})

    assert signed_in(care.officer).get(reverse("risk_history", args=[woman.study_code])).context["course"] is None
