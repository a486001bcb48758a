"""The interviewer's story: a survey in private, one answer opening the next question, and help offered at its end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from participants.models import Participant
from surveys.models import Instrument, Submission
from surveys.services import lay_questionnaires, mark_overdue, schedule_waves
from surveys.xforms.wording import in_language
from tests.browser.conftest import sign_in
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible, visitor
from tests.surveys.conftest import STUDY, whole_survey

pytestmark = pytest.mark.browser
TABLETS = {"upright": {"width": 768, "height": 1024}, "lying": {"width": 1024, "height": 768}}
# What a thumb hits (WCAG 2.2, 2.5.8).
SMALLEST_TARGET = 24


@pytest.fixture
def woman(new_study) -> Participant:
    """Enrolled three months ago: her first wave is over, her second is due today."""
    now, enrolled_on = timezone.now(), timezone.localdate() - timedelta(days=92)
    lay_questionnaires(by=STUDY, now=now)
    woman = ParticipantFactory(interviewer=User.objects.get(username="encuestadora"), enrolled_on=enrolled_on)
    schedule_waves(by=STUDY, participant=woman, now=now)
    mark_overdue(by=STUDY, now=now)
    return woman


def in_order(answers: dict[str, str]) -> list[tuple[str, str]]:
    asked = Instrument.objects.get(code="follow_up").content["questions"]
    return [(one["name"], answers[one["name"]]) for one in asked if one["name"] in answers]


def question(page: Page, name: str, *, language: str = "es") -> Locator:
    """The question of that name on the page, by what the follow-up asks."""
    asked = next(one for one in Instrument.objects.get(code="follow_up").content["questions"] if one["name"] == name)
    words = in_language(asked["label"], language).replace("${period_words}", "")
    return page.locator(".question-container").filter(has_text=words)


def answer(page: Page, name: str, code: str) -> None:
    asked = next(one for one in Instrument.objects.get(code="follow_up").content["questions"] if one["name"] == name)
    label = next(in_language(choice["label"], "es") for choice in asked["choices"] if choice["code"] == code)
    question(page, name).get_by_role("radio", name=label, exact=True).check()


def begin(page: Page, woman: Participant) -> None:
    sign_in(page, "encuestadora")
    page.goto("/conversaciones/")
    expect(page.get_by_role("heading", level=2)).to_have_text(f"{woman.study_code} · R. Q.")
    assert_accessible(page)
    open_survey(page)
    expect(page.locator(".odk-form")).to_be_visible()


def open_survey(page: Page) -> None:
    page.get_by_role("link", name="Empezar").click()
    alone(page)


def alone(page: Page, *, begin: str = "Estamos a solas: empezar", code: str = "Un código suyo para hoy") -> None:
    """She is alone: the interviewer chooses the code by which she would come back."""
    page.get_by_label(code).fill("4071")
    assert_accessible(page)
    page.get_by_role("button", name=begin).click()


def test_follow_up_survey_is_recorded(woman: Participant, phone: Page):
    # given an interviewer with one survey due
    begin(phone, woman)
    # when they are alone and she agrees, the questions open one after another
    expect(question(phone, "agreement")).to_have_count(0)
    answer(phone, "privacy", "yes")
    answer(phone, "agreement", "yes")
    hurt = {"physical_1_ever": "yes", "physical_1_period": "sometimes"}
    answers = whole_survey(**hurt, **{f"injury_{number}_ever": "no" for number in (1, 2, 3)})
    for name, code in in_order(answers):
        answer(phone, name, code)
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then it is saved as she said it, and help is offered whatever she said
    expect(phone.get_by_role("heading", name="Gracias")).to_be_visible()
    expect(phone.get_by_role("link", name="100", exact=True)).to_be_visible()
    assert_accessible(phone)
    stored = Submission.objects.get(case__participant=woman)
    assert {name: stored.answers.get(name) for name in answers} == {**answers, "child_danger": None}
    assert stored.answers["reference_period"] == "since_last_interview"
    assert (stored.findings, stored.scores["physical"], stored.scores["injury"]) == ([], 1, 0)
    # and the list is empty
    phone.get_by_role("link", name="Volver a la lista").click()
    expect(phone.get_by_text("No hay encuestas")).to_be_visible()
    assert_accessible(phone)


def test_without_privacy_nothing_is_asked(woman: Participant, phone: Page):
    # given an interviewer at the door, and somebody else in the room
    begin(phone, woman)
    # when she says so
    answer(phone, "privacy", "no")
    expect(question(phone, "psychological_1_ever")).to_have_count(0)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then the survey waits for another day
    expect(phone.get_by_role("heading", name="Otro día")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Volver a la lista").click()
    expect(phone.get_by_role("heading", level=2)).to_have_text(f"{woman.study_code} · R. Q.")


def test_answer_that_lacks_is_asked_for_beside_its_question(woman: Participant, phone: Page):
    # given a survey with one answer left out
    begin(phone, woman)
    for name, code in in_order(whole_survey()):
        if name != "response_3":
            answer(phone, name, code)
    # when it is saved
    phone.get_by_role("button", name="Guardar la encuesta").click()
    # then the page says so there and above, and keeps the other answers
    expect(phone.get_by_text("Por corregir antes de guardar: 1")).to_be_visible()
    expect(question(phone, "response_3")).to_contain_text("Aquí hace falta una respuesta.")
    expect(question(phone, "response_4").get_by_role("radio", name="De acuerdo", exact=True)).to_be_checked()
    assert_accessible(phone)
    assert Submission.objects.count() == 0


def test_form_speaks_the_language_of_the_page(woman: Participant, phone: Page):
    # given an interviewer who reads English
    User.objects.filter(username="encuestadora").update(language="en")
    sign_in(phone, "encuestadora")
    phone.goto("/conversaciones/")
    # when she opens the survey
    phone.get_by_role("link", name="Begin").click()
    alone(phone, begin="We are alone: begin", code="A code of your own for today")
    # then it asks in English, and the period is that of the wave
    expect(question(phone, "privacy", language="en")).to_be_visible()
    expect(phone.get_by_role("radio", name="Since the last interview")).to_be_checked()
    expect(phone.get_by_role("button", name="Save the survey")).to_be_visible()
    assert_accessible(phone)


def test_somebody_comes_in_and_the_survey_goes_on_afterwards(woman: Participant, phone: Page):
    # given a survey under way
    begin(phone, woman)
    answer(phone, "privacy", "yes")
    answer(phone, "agreement", "yes")
    answer(phone, "psychological_1_ever", "no")
    # when somebody comes in, one tap leaves a harmless sheet on the screen, and nothing of the other
    phone.get_by_role("button", name="Otra hoja").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Su barrio")
    expect(phone).to_have_title("Su barrio · Agenda")
    expect(phone.get_by_text(woman.study_code)).to_have_count(0)
    expect(phone.locator(".odk-form")).to_have_count(0)
    assert_accessible(phone)
    # and only her code brings the survey back, with what was answered
    phone.get_by_label("Código de la hoja").fill("1234")
    phone.get_by_role("button", name="Siguiente").click()
    expect(phone.get_by_text("El código no coincide.")).to_be_visible()
    phone.get_by_label("Código de la hoja").fill("4071")
    phone.get_by_role("button", name="Siguiente").click()
    no = question(phone, "psychological_1_ever").get_by_role("radio", name="No", exact=True)
    expect(no).to_be_checked()
    # and a page that is loaded anew meanwhile shows the sheet, and then the same answers
    phone.get_by_role("button", name="Otra hoja").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Su barrio")
    phone.wait_for_load_state("networkidle")
    phone.goto("/conversaciones/")
    phone.get_by_role("link", name="Empezar").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Su barrio")
    phone.get_by_label("Código de la hoja").fill("4071")
    phone.get_by_role("button", name="Siguiente").click()
    answer(phone, "privacy", "yes")
    answer(phone, "agreement", "yes")
    expect(no).to_be_checked()
    # and in the end she says how it went
    for name, code in in_order(whole_survey()):
        answer(phone, name, code)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    phone.get_by_role("link", name="¿Cómo fue?").click()
    phone.get_by_label("Tranquila").check()
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar y terminar").click()
    expect(phone.get_by_text("Tómese un momento")).to_be_visible()


def assert_fits(page: Page) -> None:
    """Nothing stands out of the page to the right, so that nobody has to push it aside."""
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, f"{page.url} is {wider} px wider than the screen"


@pytest.mark.parametrize("held", sorted(TABLETS))
def test_survey_is_asked_on_a_tablet(woman: Participant, chromium: Browser, web_server: str, held: str):
    with visitor(chromium, web_server, viewport=TABLETS[held], is_mobile=True, has_touch=True) as tablet:
        # given an interviewer with one survey due, and a tablet
        begin(tablet, woman)
        assert_fits(tablet)
        # when they are alone and she agrees, each question opens the next
        for name, code in in_order(whole_survey()):
            answer(tablet, name, code)
        assert_fits(tablet)
        assert_accessible(tablet)
        radio = question(tablet, "privacy").get_by_role("radio", name="Sí", exact=True).locator("xpath=ancestor::label")
        expect(radio.first).to_be_visible()
        size = radio.first.bounding_box()
        assert min(size["width"], size["height"]) >= SMALLEST_TARGET
        # and the harmless sheet is one tap away on it, too
        tablet.get_by_role("button", name="Otra hoja").click()
        expect(tablet.get_by_role("heading", level=1)).to_have_text("Su barrio")
        assert_fits(tablet)
        assert_accessible(tablet)
        tablet.get_by_label("Código de la hoja").fill("4071")
        tablet.get_by_role("button", name="Siguiente").click()
        answer(tablet, "privacy", "yes")
        answer(tablet, "agreement", "yes")
        tablet.get_by_role("button", name="Guardar la encuesta").click()
        # then it is saved whole, and help is offered
        expect(tablet.get_by_role("heading", name="Gracias")).to_be_visible()
        expect(tablet.get_by_role("link", name="100", exact=True)).to_be_visible()
        assert_fits(tablet)
        assert_accessible(tablet)
    stored = Submission.objects.get(case__participant=woman)
    assert (stored.findings, stored.answers["response_12"]) == ([], "4")
