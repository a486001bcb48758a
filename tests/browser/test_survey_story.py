"""The interviewer's story: a survey in private, one answer opening the next question, and help offered at its end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from participants.models import Participant
from surveys.models import Submission
from surveys.services import load_instrument, mark_overdue, schedule_waves
from tests.browser.conftest import sign_in
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.surveys.conftest import QUESTIONNAIRE, STUDY, whole_survey

pytestmark = pytest.mark.browser


@pytest.fixture
def woman(new_study) -> Participant:
    """Enrolled three months ago: her first wave is over, her second is due today."""
    now, enrolled_on = timezone.now(), timezone.localdate() - timedelta(days=92)
    load_instrument(by=STUDY, instrument=QUESTIONNAIRE, now=now)
    woman = ParticipantFactory(interviewer=User.objects.get(username="encuestadora"), enrolled_on=enrolled_on)
    schedule_waves(by=STUDY, participant=woman, now=now)
    mark_overdue(by=STUDY, now=now)
    return woman


def answer(page: Page, code: str, value: str) -> None:
    page.locator(f"input[name='{code}'][value='{value}']").check()


def begin(page: Page, woman: Participant) -> None:
    sign_in(page, "encuestadora")
    expect(page.get_by_role("heading", level=2)).to_have_text(f"{woman.study_code} · R. Q.")
    assert_accessible(page)
    page.get_by_role("link", name="Empezar").click()


def test_follow_up_survey_is_recorded(woman: Participant, phone: Page):
    # given an interviewer with one survey due
    begin(phone, woman)
    # when they are alone and she agrees, the questions open one after another
    expect(phone.get_by_role("radio")).to_have_count(2)
    answer(phone, "privacy", "yes")
    expect(phone.get_by_role("radio")).to_have_count(4)
    answer(phone, "agreement", "yes")
    hurt = {"physical_1_ever": "yes", "physical_1_period": "sometimes"}
    answers = whole_survey(**hurt, **{f"injury_{number}_ever": "no" for number in (1, 2, 3)})
    for code, value in answers.items():
        answer(phone, code, value)
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then it is saved as she said it, and help is offered whatever she said
    expect(phone.get_by_role("heading", name="Gracias")).to_be_visible()
    expect(phone.get_by_role("link", name="100", exact=True)).to_be_visible()
    assert_accessible(phone)
    assert Submission.objects.get(case__participant=woman).answers == answers
    # and the list is empty
    phone.get_by_role("link", name="Volver a la lista").click()
    expect(phone.get_by_text("No hay encuestas")).to_be_visible()
    assert_accessible(phone)


def test_without_privacy_nothing_is_asked(woman: Participant, phone: Page):
    # given an interviewer at the door, and somebody else in the room
    begin(phone, woman)
    # when she says so
    answer(phone, "privacy", "no")
    expect(phone.get_by_role("radio")).to_have_count(2)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then the survey waits for another day
    expect(phone.get_by_role("heading", name="Otro día")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Volver a la lista").click()
    expect(phone.get_by_role("heading", level=2)).to_have_text(f"{woman.study_code} · R. Q.")


def test_answer_that_lacks_is_asked_for_beside_its_question(woman: Participant, phone: Page):
    # given a survey with one answer left out
    begin(phone, woman)
    for code, value in whole_survey().items():
        if code != "response_3":
            answer(phone, code, value)
    # when it is saved
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then the page leads to the question, says there what lacks, and keeps the other answers
    phone.get_by_role("alert").get_by_role("link").click()
    expect(phone.locator("#div_id_response_3 .invalid-feedback")).to_be_in_viewport()
    expect(phone.locator("#div_id_response_3 .invalid-feedback")).to_have_text("Elija una respuesta.")
    expect(phone.locator("input[name='response_4'][value='4']")).to_be_checked()
    assert_accessible(phone)
    assert Submission.objects.count() == 0
