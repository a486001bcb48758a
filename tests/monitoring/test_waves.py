"""The page of the waves: every case in one cell, small numbers hidden, no arm and no woman."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from monitoring.consort import FATES
from monitoring.presenters.overview import overview_waves
from monitoring.wave_tables import hidden_fates, interviewer_states, reason_table, wave_fates, wave_states
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
    found = [Tracked(0, None, "done", "", 40), Tracked(0, None, "late", "", 2), Tracked(0, None, "coming", "", 9)]
    (line, total) = wave_states(found, {0: "Inicio"})
    assert line.cells[STATES.index("late")] is None
    assert sum(cell is None for cell in (*line.cells, line.total)) > 1
    assert (line.label, total.label) == ("Inicio", "")


def test_reasons_stand_by_wave():
    found = [Tracked(1, None, "missed", "unsafe", 7), Tracked(0, None, "missed", "unsafe", 6)]
    (line, _total) = reason_table(found, {"unsafe": "No era seguro"}, 2)
    assert (line.cells, line.total) == ((6, 7), 13)


# Of the second wave two were missed: everywhere, the fifty of the first are not shown either.
ONE_SMALL = [
    Tracked(0, 1, "done", "", 300), Tracked(0, 1, "missed", "unsafe", 20), Tracked(0, 2, "missed", "unsafe", 30),
    Tracked(0, 2, "refused", "", 15), Tracked(1, 1, "done", "", 200), Tracked(1, 2, "missed", "unsafe", 2),
    Tracked(1, 2, "refused", "", 9), Tracked(1, 2, "coming", "", 90), Tracked(1, 2, "on_hold", "", 20),
]  # fmt: skip


def test_what_one_table_of_the_waves_hides_none_tells():
    by_wave, (*_people, together) = (
        wave_states(ONE_SMALL, {0: "", 1: ""}),
        interviewer_states(ONE_SMALL, {1: "", 2: ""}, 2),
    )
    missed = STATES.index("missed")
    assert [row.cells[missed] for row in by_wave] == [None, None, 52]
    assert [None if "missed" in hidden else 0 for hidden in hidden_fates(ONE_SMALL, 2)] == [None, None]
    shown = dict(overview_waves(ONE_SMALL, {0: "a", 1: "b"}, hides_small=True))
    assert [shown[wave][FATES.index("missed")] for wave in "ab"] == [None, None]
    (_reason, totals) = reason_table(ONE_SMALL, {"unsafe": ""}, 2)
    assert totals.cells == (None, None)
    # A total that the table of the waves hides is not in that of the interviewers.
    hidden = [place for place, count in enumerate(by_wave[-1].cells) if count is None]
    assert [together.cells[place] for place in hidden] == [None] * len(hidden)


def test_the_overview_counts_every_survey_of_a_wave_once(scheduled):
    for number, status in enumerate(("partial", "cancelled", "on_hold", "not_private")):
        scheduled.survey_cases.filter(wave_number=number).update(status=status)
    counts = wave_fates(tracked(timezone.localdate()), 5)
    assert [{fate: n for fate, n in of_wave.items() if n} for of_wave in counts] == [
        {"partial": 1}, {"left": 1}, {"waiting": 1}, {"waiting": 1}, {"waiting": 1},
    ]  # fmt: skip


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
