"""Surveys not answered: as a slow count finds them, by arm for its readers alone, no small cell to the blinded."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from monitoring.attrition import Attrition, attrition, latest_told
from monitoring.consort import FATES, Cell, Group, stages
from panel.small_cells import shown_table
from participants.models import Participant
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.queries import study_stations
from surveys.models import SurveyCase
from surveys.services import schedule_waves
from tests.factories import (
    NOW,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)
from tests.surveys.conftest import STUDY


@pytest.fixture
def world(committed_study):
    settings = WorldSettings(seed=3, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=8)
    load_study(settings, now=timezone.now(), say=lambda _line: None)


def signed_in(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "es"
    return client


@pytest.mark.requirement("N15")
def test_the_share_of_each_arm_and_wave_is_what_a_slow_count_finds(world):
    file = signed_in(Role.ADMINISTRATOR).get(reverse("wave_attrition_file")).content.decode()
    header, *rows = csv.reader(io.StringIO(file))
    arms = {arm.label.in_language("es"): arm.code for arm in current_protocol().arms}
    assert set(header[1:-2]) == set(arms)
    for number, row in enumerate(rows):
        expected = [slow_share(arms[label], number) for label in header[1:-2]]
        assert [int(cell) for cell in row[1:-2]] == expected
        assert int(row[-1]) == max(expected) - min(expected)


def slow_share(arm, number):
    stations = [drawn.station_id for drawn in study_stations() if drawn.arm == arm]
    cases = [
        woman.survey_cases.get(wave_number=number)
        for woman in Participant.objects.filter(enrolled_station__in=stations)
    ]
    given_up = timezone.localdate() - timedelta(days=current_protocol().instruments.missed_after_days)
    settled = ("done", "partial", "refused", "missed", "cancelled")
    over = [case for case in cases if case.status in settled and case.window_until < given_up]
    return round(100 * sum(case.status not in ("done", "partial") for case in over) / len(over))


@pytest.mark.requirement("N15")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STATISTICIAN])
def test_readers_of_the_arm_read_why_by_arm_and_no_small_cell(world, role):
    context = signed_in(role).get(reverse("wave_attrition")).context
    arm_of = {drawn.station_id: drawn.arm for drawn in study_stations()}
    missed = Counter(
        (case.missed_reason, arm_of[case.participant.enrolled_station_id])
        for case in SurveyCase.objects.filter(status="missed").select_related("participant")
    )
    reasons = sorted({reason for reason, _arm in missed})
    slow = shown_table([[missed[reason, arm.code] for arm in current_protocol().arms] for reason in reasons])
    assert [[*row.cells, row.total] for row in context["by_group"]] == slow
    assert missed.total() == sum(missed.values()) > 0
    assert all(count is None or count == 0 or count >= 5 for row in context["by_group"] for count in row.cells)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ETHICS_BOARD])
def test_the_blinded_read_why_for_all_groups_together(world, role):
    context = signed_in(role).get(reverse("wave_attrition")).context
    assert context["reasons"]
    assert context["by_group"] == []


@pytest.mark.requirement("N15")
@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ETHICS_BOARD])
def test_the_blinded_read_numbered_groups(world, role):
    page = signed_in(role).get(reverse("wave_attrition"))
    assert page.context["found"].columns == [*(f"Grupo {number}" for number in range(1, 5)), "Todas"]
    for arm in current_protocol().arms:
        assert arm.label.in_language("es") not in page.content.decode()


def wave_of(counts):
    cells = [
        Cell(station, "wave_0", fate, women) for station, fates in enumerate(counts) for fate, women in fates.items()
    ]
    groups = [Group(str(station), (station,)) for station in range(len(counts))]
    return stages(groups, cells, waves=1, hides_small=False)[1:-1]


def test_what_is_to_come_does_not_count_and_a_small_cell_hides_its_share():
    fates = dict.fromkeys(FATES, 0)
    waves = wave_of([{**fates, "done": 15, "refused": 5, "waiting": 80}, {**fates, "partial": 16, "left": 4}])
    assert attrition(waves, hides_small=False) == [Attrition("wave_0", (25, 20, 22), 5)]
    # The first with all would tell of the 4 of the second.
    assert attrition(waves, hides_small=True) == [Attrition("wave_0", (None, None, 22), None)]
    assert attrition(wave_of([{"waiting": 3}]), hides_small=False) == []


def test_the_picture_says_what_came_of_the_last_wave_that_is_told():
    told, hidden = Attrition("wave_1", (6, None, 7), None), Attrition("wave_2", (None, None, None), None)
    assert latest_told([Attrition("wave_0", (0, 0, 0), 0), told, hidden]) == told
    assert latest_told([hidden]) is None


def test_a_wave_that_nobody_has_come_to_is_not_lost_though_some_left_before_it(world):
    coming = len(current_protocol().waves) - 1
    cases = SurveyCase.objects.filter(wave_number=coming)
    later = timezone.localdate() + timedelta(days=30)
    cases.update(status="cancelled", due_on=later, window_from=later, window_until=later)
    found = signed_in(Role.ADMINISTRATOR).get(reverse("wave_attrition")).context["found"]
    assert found.waves
    assert f"wave_{coming}" not in {wave.stage for wave in found.waves}


def test_a_wave_that_has_hardly_begun_does_not_look_answered_by_those_who_came_first(db):
    ProtocolVersionFactory()
    stations = {StationFactory(): "control", StationFactory(): "both"}
    lock_allocation(stations)
    for station in stations:
        for woman in ParticipantFactory.create_batch(10, station=station):
            schedule_waves(by=STUDY, participant=woman, now=NOW)
    cases = SurveyCase.objects.filter(wave_number=1)
    given_up = timezone.localdate() - timedelta(days=current_protocol().instruments.missed_after_days)
    # Of each ten, two answered and eight may still be asked; then the last day on which they may has passed.
    by_station = cases.order_by("participant__station", "pk").values_list("pk", flat=True)
    early = cases.filter(pk__in=list(by_station[::5]))
    cases.update(status="late", due_on=given_up, window_from=given_up, window_until=given_up)
    early.update(status="done")
    client, address = signed_in(Role.ADMINISTRATOR), reverse("wave_attrition")
    assert client.get(address).context["found"].waves == []

    day_before = given_up - timedelta(days=1)
    cases.update(due_on=day_before, window_from=day_before, window_until=day_before)
    cases.filter(status="late").update(status="missed", missed_reason="not_reached")
    (wave,) = client.get(address).context["found"].waves
    assert wave == Attrition("wave_1", (80, 80, 80), 0)


def test_before_the_draw_the_page_says_what_will_come(db):
    ProtocolVersionFactory()
    assert (
        "Todavía no termina ninguna encuesta"
        in signed_in(Role.RESEARCHER).get(reverse("wave_attrition")).content.decode()
    )


@pytest.mark.parametrize("women", [1, 3])
def test_the_page_costs_the_same_for_any_number(db, django_assert_num_queries, women):
    ProtocolVersionFactory()
    stations = {StationFactory(): arm for arm in ("control", "both")}
    lock_allocation(stations)
    for station in stations:
        for woman in ParticipantFactory.create_batch(women, station=station):
            schedule_waves(by=STUDY, participant=woman, now=NOW)
    SurveyCase.objects.filter(wave_number=0).update(status="missed", missed_reason="unsafe")
    SurveyCase.objects.filter(wave_number=1).update(status="done")
    client = signed_in(Role.ADMINISTRATOR)
    client.get(reverse("wave_attrition"))
    with django_assert_num_queries(10):
        client.get(reverse("wave_attrition"))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.INTERVIEWER, Role.SAFETY_OFFICER])
def test_the_page_is_closed_to_the_others(db, role):
    assert signed_in(role).get(reverse("wave_attrition")).status_code == 403
