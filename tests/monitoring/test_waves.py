"""The page of the waves: every case in one cell, small numbers hidden, no arm and no woman."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from monitoring.wave_tables import reason_table, state_table
from surveys.models import SurveyCase
from surveys.queries.tracking import STATES, Tracked, tracked
from surveys.services import schedule_waves
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.surveys.conftest import STUDY


def signed_in(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


@pytest.fixture
def scheduled(db):
    ProtocolVersionFactory()
    woman = ParticipantFactory(interviewer=UserFactory(role=Role.INTERVIEWER), enrolled_on=timezone.localdate())
    schedule_waves(by=STUDY, participant=woman, now=NOW)
    return woman


def test_due_is_told_apart_by_its_window_and_missed_by_its_reason(scheduled):
    today = timezone.localdate()
    scheduled.survey_cases.filter(wave_number=1).update(status="missed", missed_reason="unsafe")
    found = {(one.wave, one.state, one.reason): one.cases for one in tracked(today)}
    assert found == {
        (0, "in_window", ""): 1, (1, "missed", "unsafe"): 1,
        (2, "coming", ""): 1, (3, "coming", ""): 1, (4, "coming", ""): 1,
    }  # fmt: skip
    assert set(SurveyCase.Status.values) - {"due"} | {"coming", "in_window"} == set(STATES)


def test_small_cells_are_hidden_with_those_that_would_give_them_away():
    found = [Tracked(0, None, "done", "", 40), Tracked(0, None, "late", "", 2), Tracked(0, None, "due", "", 9)]
    (line, total) = state_table(found, {0: "Inicio"}, lambda one: one.wave)
    assert line.cells[STATES.index("late")] is None
    assert sum(cell is None for cell in (*line.cells, line.total)) > 1
    assert (line.label, total.label) == ("Inicio", "")


def test_reasons_stand_by_wave():
    found = [Tracked(1, None, "missed", "unsafe", 7), Tracked(0, None, "missed", "unsafe", 6)]
    (line, _total) = reason_table(found, {"unsafe": "No era seguro"}, 2)
    assert (line.cells, line.total) == ((6, 7), 13)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER, Role.STATISTICIAN])
def test_page_and_file_name_no_woman(scheduled, role):
    client = signed_in(role)
    name = scheduled.interviewer.display_name
    page = client.get(reverse("wave_tracking")).content.decode()
    file = client.get(reverse("wave_tracking_file")).content.decode()
    assert scheduled.study_code not in page + file
    assert (name in page) == (role == Role.ADMINISTRATOR)
    assert name not in file
    assert file.splitlines()[0].startswith("Ola,Por venir,En plazo")


def test_empty_study_says_what_will_come(db):
    ProtocolVersionFactory()
    assert "Todavía no hay encuestas" in signed_in(Role.ADMINISTRATOR).get(reverse("wave_tracking")).content.decode()


@pytest.mark.parametrize("women", [1, 3])
def test_page_costs_the_same_for_any_number(scheduled, django_assert_num_queries, women):
    for woman in ParticipantFactory.create_batch(women - 1, enrolled_on=timezone.localdate() - timedelta(days=9)):
        schedule_waves(by=STUDY, participant=woman, now=NOW)
    client = signed_in(Role.ADMINISTRATOR)
    client.get(reverse("wave_tracking"))
    with django_assert_num_queries(5):  # session, person, cases counted, protocol's hash, interviewers
        client.get(reverse("wave_tracking"))
