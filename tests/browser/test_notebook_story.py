"""The interviewer's phone without a signal: what she asks reaches the server once, and nobody else reads it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from participants.models import Participant
from participants.sealing import unseal_bytes
from surveys.models import CallAttempt, PhoneEntry, Submission, SurveyCase, SurveyDebrief, SurveySitting
from surveys.services import (
    lay_questionnaires,
    load_instrument,
    mark_overdue,
    pin_instrument,
    publish_instrument,
    schedule_waves,
)
from surveys.services.sittings import DRAFT
from tests.browser.conftest import sign_in
from tests.browser.phones import PIN, Line, give_pin, kept, kill, line_to, phone_at, sign_in_on_phone
from tests.browser.test_survey_story import answer, in_order, question
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.locks import wait_until
from tests.surveys.conftest import STUDY, whole_survey

pytestmark = pytest.mark.browser
NOTEBOOK = "/cuaderno/"
MARK = "Zapatilla-Anaranjada-77"


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


@pytest.fixture
def women(new_study) -> list[Participant]:
    """Two who were enrolled three months ago: the first wave of each is over, the second is due today."""
    now, enrolled_on = timezone.now(), timezone.localdate() - timedelta(days=92)
    lay_questionnaires(by=STUDY, now=now)
    interviewer = User.objects.get(username="encuestadora")
    women = [ParticipantFactory(interviewer=interviewer, enrolled_on=enrolled_on) for _n in range(2)]
    for woman in women:
        schedule_waves(by=STUDY, participant=woman, now=now)
    mark_overdue(by=STUDY, now=now)
    return women


HOUSE = """
| survey | | | | | |
| | type | name | label::Español (es) | required | relevant |
| | select_one yes_no | privacy | ¿Está a solas? | yes | |
| | integer | rooms | ¿Cuántos cuartos? | yes | ${privacy} = 'yes' |
| | begin_repeat | child | Niña o niño | | ${privacy} = 'yes' |
| | text | name | ¿Cómo se llama? | | |
| | end_repeat | | | | |
| | integer | since | ¿Desde qué año? | yes | ${privacy} = 'yes' |
| choices | | | |
| | list_name | name | label::Español (es) |
| | yes_no | yes | Sí |
| | yes_no | no | No |
| settings | | | |
| | form_id | version | default_language |
| | house | 1 | Español (es) |
"""
# What a browser says to a page that goes out of sight.
HIDDEN = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def draft_of(woman: Participant) -> bytes:
    """Return what the study keeps of the survey that is under way."""
    sealed = SurveySitting.objects.get().sealed_draft
    return b"" if sealed is None else unseal_bytes(woman, sealed, purpose=DRAFT)


@pytest.fixture
def mother(new_study) -> Participant:
    """Asked a questionnaire with a repeat today."""
    now = timezone.now()
    loaded = load_instrument(by=STUDY, source=HOUSE.encode(), name="house.md", now=now)
    publish_instrument(by=STUDY, instrument=loaded, now=now)
    pin_instrument(by=STUDY, wave="baseline", instrument=loaded, now=now)
    woman = ParticipantFactory(interviewer=User.objects.get(username="encuestadora"), enrolled_on=timezone.localdate())
    schedule_waves(by=STUDY, participant=woman, now=now)
    return woman


def asked(page: Page, words: str) -> Locator:
    return page.locator(".question-container").filter(has_text=words)


def say(page: Page, words: str, choice: str) -> None:
    asked(page, words).get_by_role("radio", name=choice, exact=True).check()


def type_in(page: Page, words: str, number: str) -> None:
    asked(page, words).get_by_role("spinbutton").press_sequentially(number)
    page.keyboard.press("Tab")


def write_in(page: Page, words: str, text: str, number: int) -> None:
    asked(page, words).get_by_role("textbox").nth(number).fill(text)
    page.keyboard.press("Tab")


def set_up(page: Page, *, women: int = 2) -> None:
    """Sign in and choose a PIN; her list is there afterwards, and the worker holds the application."""
    sign_in_on_phone(page, "encuestadora", NOTEBOOK)
    page.get_by_label("Nuevo PIN").fill(PIN)
    page.get_by_label("El mismo PIN").fill(PIN)
    page.get_by_role("button", name="Usar este PIN").click()
    expect_list(page)
    expect(page.locator(".item-card")).to_have_count(women)
    kept(page)


def expect_list(page: Page) -> None:
    expect(page.get_by_role("heading", level=1, name="A quién preguntar")).to_be_visible()


def open_case(page: Page, woman: Participant) -> None:
    page.locator(".item-card", has_text=woman.study_code).click()
    expect(page.get_by_role("heading", level=1, name=woman.study_code)).to_be_visible()


def begin(page: Page, woman: Participant, *, by: str = "Empezar") -> None:
    open_case(page, woman)
    page.get_by_role("button", name=by, exact=True).click()
    page.get_by_role("button", name="Estamos a solas: empezar").click()
    expect(question(page, "privacy")).to_be_visible()


def go_on(page: Page, woman: Participant) -> None:
    """Open the notebook again where it has no signal, and the survey that was left."""
    page.goto(NOTEBOOK)
    give_pin(page)
    page.locator(".item-card", has_text=woman.study_code).wait_for()
    begin(page, woman, by="Seguir con ella")


def save(page: Page) -> None:
    page.get_by_role("button", name="Guardar la encuesta").click()


def come_back(page: Page) -> None:
    """Give the PIN on the harmless sheet; whether they are alone and she agrees is asked anew."""
    page.get_by_label("Código de la hoja").fill(PIN)
    page.get_by_role("button", name="Siguiente").click()
    expect(question(page, "privacy")).to_be_visible()
    answer(page, "privacy", "yes")
    answer(page, "agreement", "yes")


def decline(page: Page) -> None:
    for name, code in {"privacy": "yes", "agreement": "no", "support": "declined", "child_danger": "no"}.items():
        answer(page, name, code)
    save(page)


def say_how_it_went(page: Page) -> None:
    page.get_by_label("Difícil de escuchar").check()
    page.get_by_label("Nota").fill(MARK)
    page.get_by_role("button", name="Guardar y terminar").click()


def expect_sent(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="en este teléfono")).to_have_count(0)


@pytest.mark.requirement("F28")
def test_two_surveys_without_signal_outlive_a_killed_browser_and_arrive_once(
    women: list[Participant], chromium: Browser, line: Line, tmp_path: Path
):
    first, second = women
    # given an interviewer with her list on the phone, and then no signal
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        assert_accessible(page)
        line.is_cut = True
        # when she tries the one, asks her, and says how it went
        begin(page, first)
        assert_accessible(page)
        for name, code in in_order(whole_survey()):
            answer(page, name, code)
        save(page)
        expect(page.get_by_role("heading", level=1, name="Gracias")).to_be_visible()
        expect(page.get_by_role("link", name="100", exact=True)).to_be_visible()
        assert_accessible(page)
        say_how_it_went(page)
        expect_list(page)
        # and the other prefers not to answer, and the browser is killed
        begin(page, second)
        decline(page)
        expect(page.get_by_text("Prefiere no responder esta vez")).to_be_visible()
        kill(tmp_path / "phone")
    files = [file for file in (tmp_path / "phone").rglob("*") if file.is_file()]
    assert [file for file in files if MARK.encode() in file.read_bytes()] == []
    with phone_at(chromium, line, tmp_path / "phone") as page:
        # then the phone opens without a signal by her PIN, and what she wrote waits there
        page.goto(NOTEBOOK)
        give_pin(page)
        expect(page.get_by_role("status").filter(has_text="3 en este teléfono")).to_be_visible()
        assert PhoneEntry.objects.count() == 0
        # and once there is a signal and she signed in, each arrives, once
        line.is_cut = False
        sign_in_on_phone(page, "encuestadora", NOTEBOOK)
        give_pin(page)
        expect_list(page)
        expect_sent(page)
        page.get_by_role("link", name=re.compile("Envíos")).click()
        expect(page.locator(".item-card", has_text="Recibido")).to_have_count(3)
    kinds = PhoneEntry.objects.filter(held_for="").order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["debrief", "survey", "survey"]
    stored = Submission.objects.get()
    assert SurveySitting.objects.exclude(ended_at=None).count() == 2
    assert (stored.case.participant, stored.findings, SurveyDebrief.objects.get().codes) == (first, [], ["hard"])
    assert SurveyCase.objects.get(participant=second, wave_number=1).status == "refused"


def test_somebody_comes_in_and_a_draft_outlives_a_killed_browser(
    women: list[Participant], chromium: Browser, line: Line, tmp_path: Path
):
    # given a survey under way without a signal
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        line.is_cut = True
        begin(page, women[0])
        answer(page, "privacy", "yes")
        answer(page, "agreement", "yes")
        answer(page, "psychological_1_ever", "no")
        # when somebody comes in, one tap leaves a harmless sheet on the screen, and nothing of the other
        page.get_by_role("button", name="Otra hoja").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Su barrio")
        expect(page).to_have_title("Su barrio · Agenda")
        expect(page.get_by_text(women[0].study_code)).to_have_count(0)
        expect(page.locator(".odk-form")).to_have_count(0)
        assert_accessible(page)
        # and only her PIN brings it back, with what was answered
        page.get_by_label("Código de la hoja").fill("246802")
        page.get_by_role("button", name="Siguiente").click()
        expect(page.get_by_text("El código no coincide.")).to_be_visible()
        come_back(page)
        no = question(page, "psychological_1_ever").get_by_role("radio", name="No", exact=True)
        expect(no).to_be_checked()
        answer(page, "psychological_2_ever", "no")
        page.get_by_role("button", name="Otra hoja").click()
        come_back(page)
        expect(question(page, "psychological_2_ever").get_by_role("radio", name="No", exact=True)).to_be_checked()
        kill(tmp_path / "phone")
    # and it is there, as far as it went, after the browser was killed, and killed again before she agreed anew
    with phone_at(chromium, line, tmp_path / "phone") as page:
        go_on(page, women[0])
        answer(page, "privacy", "yes")
        expect(question(page, "agreement")).to_be_visible()
        page.get_by_role("button", name="Otra hoja").click()
        expect(page.get_by_label("Código de la hoja")).to_be_visible()
        kill(tmp_path / "phone")
    with phone_at(chromium, line, tmp_path / "phone") as page:
        go_on(page, women[0])
        answer(page, "privacy", "yes")
        answer(page, "agreement", "yes")
        expect(question(page, "psychological_2_ever").get_by_role("radio", name="No", exact=True)).to_be_checked()


@pytest.mark.requirement("F28")
def test_survey_begun_with_a_signal_goes_on_without_one_and_is_sent_once(
    mother: Participant, chromium: Browser, desk: Page, line: Line, tmp_path: Path
):
    # given a survey that is asked with a signal, of a woman with two children, and left when the line breaks
    sign_in(desk, "encuestadora")
    desk.goto("/conversaciones/")
    desk.get_by_role("link", name="Empezar").click()
    desk.get_by_label("Un código suyo para hoy").fill("4071")
    desk.get_by_role("button", name="Estamos a solas: empezar").click()
    say(desk, "¿Está a solas?", "Sí")
    type_in(desk, "¿Cuántos cuartos?", "3")
    for number, name in enumerate(("Luz", "Inti")):
        if number:
            desk.get_by_role("button", name="Agregar Niña o niño").click()
        write_in(desk, "¿Cómo se llama?", name, number)
    desk.evaluate(HIDDEN)
    assert wait_until(lambda: b"Inti" in draft_of(mother))
    assert b"Inti" not in bytes(SurveySitting.objects.get().sealed_draft)
    # when her phone took the week along, and there is no signal any more
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page, women=1)
        line.is_cut = True
        open_case(page, mother)
        expect(page.get_by_text("Una parte de esta ya se respondió antes")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Seguir con ella", exact=True).click()
        page.get_by_role("button", name="Estamos a solas: empezar").click()
        # then it is asked again whether they are alone, and the rest is there, the children too
        say(page, "¿Está a solas?", "Sí")
        expect(asked(page, "¿Cuántos cuartos?").get_by_role("spinbutton")).to_have_value("3")
        names = asked(page, "¿Cómo se llama?").get_by_role("textbox")
        expect(names).to_have_count(2)
        expect(names.nth(0)).to_have_value("Luz")
        expect(names.nth(1)).to_have_value("Inti")
        # and it goes on from there, and is sent once
        type_in(page, "¿Desde qué año?", "2019")
        save(page)
        expect(page.get_by_role("heading", level=1, name="Gracias")).to_be_visible()
        page.get_by_role("button", name="Volver a la lista").click()
        expect_list(page)
        line.is_cut = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect_sent(page)
    stored = Submission.objects.get()
    assert (stored.case.participant, stored.findings) == (mother, [])
    assert {name: stored.answers[name] for name in ("rooms", "since")} == {"rooms": "3", "since": "2019"}
    assert [len(child) for child in stored.answers["child"]] == [0, 0]  # names are sealed
    assert PhoneEntry.objects.get().held_for == ""


def test_two_tabs_send_a_try_once_also_after_the_session_ended(
    women: list[Participant], chromium: Browser, line: Line, tmp_path: Path
):
    # given the list open in two tabs, a try written in each without a signal, and a session that ended meanwhile
    with phone_at(chromium, line, tmp_path / "phone") as first:
        set_up(first)
        second = first.context.new_page()
        second.goto(NOTEBOOK)
        give_pin(second)
        expect_list(second)
        line.is_cut = True
        for tab, woman in zip((first, second), women, strict=True):
            open_case(tab, woman)
            tab.get_by_role("button", name="Anotar un intento").click()
            tab.get_by_label("No respondió nadie").check()
            # Whatever hour it is: where it is within her safe times the server needs no reason.
            tab.locator("#id_outside_reason_she_asked").check()
            tab.get_by_label("Por qué hay que contactarla").fill("Ella pidió que fuera a esta hora.")
            # A finger may come down twice.
            tab.get_by_role("button", name="Guardar el intento").evaluate("(save) => { save.click(); save.click(); }")
            expect_list(tab)
        first.context.clear_cookies()
        line.asked.clear()
        line.is_cut = False
        for tab in (first, second):
            tab.evaluate("window.dispatchEvent(new Event('online'))")
        # when she signs in again, then each went once
        expect(first.get_by_text("Su sesión terminó", exact=False)).to_be_visible()
        sign_in_on_phone(first, "encuestadora", NOTEBOOK)
        give_pin(first)
        expect_list(first)
        expect_sent(first)
        expect_sent(second)
    assert CallAttempt.objects.count() == PhoneEntry.objects.count() == 2
