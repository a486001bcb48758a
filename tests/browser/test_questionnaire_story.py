"""The administrator's story: a workbook with a mistake is mended, published, given to a wave, and asked."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from participants.models import Participant
from surveys.models import Instrument, Submission
from surveys.services import lay_questionnaires, load_instrument, schedule_waves
from tests.browser.conftest import sign_in
from tests.browser.test_survey_story import open_survey
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.surveys.conftest import STUDY
from tests.surveys.xforms.workbooks import workbook

pytestmark = pytest.mark.browser

CHOICES = [
    ["list_name", "name", "label::Español (es)", "label::English (en)"], ["yes_no", "yes", "Sí", "Yes"],
    ["yes_no", "no", "No", "No"],
]  # fmt: skip
SETTINGS = [["form_title", "form_id", "version", "default_language"], ["Su casa", "house", "1", "Español (es)"]]


def sheets(relevant: str):
    return {
        "survey": [
            ["type", "name", "label::Español (es)", "label::English (en)", "required", "relevant"],
            ["select_one yes_no", "privacy", "¿Está a solas?", "Is she alone?", "yes"],
            ["integer", "rooms", "¿Cuántos cuartos?", "How many rooms?", "yes", relevant],
        ],
        "choices": CHOICES,
        "settings": SETTINGS,
    }


def due_today() -> Participant:
    now = timezone.now()
    lay_questionnaires(by=STUDY, now=now)
    interviewer = User.objects.get(username="encuestadora")
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    schedule_waves(by=STUDY, participant=woman, now=now)
    return woman


def load(page: Page, file: Path) -> None:
    page.get_by_label("Libro (.xlsx)").set_input_files(file)
    page.get_by_role("button", name="Revisar y cargar").click()


def test_workbook_is_mended_published_given_to_a_wave_and_asked(new_study, desk: Page, phone: Page, tmp_path: Path):
    # given a study with the shipped questionnaires, and a woman due today
    woman = due_today()
    (tmp_path / "casa.xlsx").write_bytes(workbook(sheets("${private} = 'yes'")))
    (tmp_path / "casa2.xlsx").write_bytes(workbook(sheets("${privacy} = 'yes'")))
    # when an administrator loads a workbook with a mistake
    sign_in(desk, "administradora")
    desk.goto("/cuestionarios/")
    assert_accessible(desk)
    desk.get_by_role("link", name="Cargar un libro").click()
    load(desk, tmp_path / "casa.xlsx")
    # then it says where, and nothing is stored
    row = desk.get_by_role("alert").get_by_role("row").nth(1)
    expect(row).to_have_text("survey 3 F La columna relevant habla de «private», y ninguna pregunta se llama así.")
    assert_accessible(desk)
    assert not Instrument.objects.filter(code="house").exists()
    # when it is mended, looked at and published
    load(desk, tmp_path / "casa2.xlsx")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Su casa · 1")
    expect(desk.get_by_role("cell", name="¿Cuántos cuartos?")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Probarlo").click()
    expect(desk.get_by_role("radiogroup").or_(desk.locator(".question-container")).first).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Volver al cuestionario").click()
    desk.get_by_role("button", name="Publicar").click()
    # and the first wave is to ask it
    desk.get_by_role("link", name="Volver a los cuestionarios").click()
    desk.locator("#instrument-baseline").select_option(label="house 1")
    desk.locator("#instrument-baseline").locator("..").get_by_role("button", name="Preguntarla").click()
    assert_accessible(desk)
    # then an interviewer asks it in Spanish, and the answers are kept
    ask(phone)
    stored = Submission.objects.get(case__participant=woman)
    assert (stored.answers, str(stored.instrument)) == ({"privacy": "yes", "rooms": "3"}, "house 1")
    assert stored.scores["physical"] is None


def test_long_questionnaire_is_drawn_as_it_is_read(new_study, desk: Page):
    # given a questionnaire of sixty questions
    questions = [["integer", f"rooms_{number}", f"¿Cuántos, {number}?"] for number in range(60)]
    long = {"survey": [["type", "name", "label"], *questions], "settings": [["form_id", "version"], ["long", "1"]]}
    load_instrument(by=STUDY, source=workbook(long), name="long.xlsx", now=timezone.now())
    # when it is opened
    sign_in(desk, "administradora")
    desk.goto(f"/cuestionarios/{Instrument.objects.get(code='long').pk}/probar/")
    # then it can be answered, and a moment later every question is there with its name
    expect(desk.locator("[data-web-form][data-ready]")).to_be_visible()
    expect(desk.get_by_role("spinbutton", name="¿Cuántos, 0?")).to_be_visible()
    expect(desk.locator("[data-web-form]")).to_have_attribute("data-whole", "52")
    expect(desk.locator(".question-to-come")).to_have_count(0)
    expect(desk.get_by_role("spinbutton", name="¿Cuántos, 59?")).to_have_count(1)
    assert_accessible(desk)


# Every kind that a workbook may ask for, and the look that changes how it is drawn.
KINDS = [
    ("text", ""), ("text", "multiline"), ("text", "numbers"), ("integer", ""), ("decimal", ""), ("date", ""),
    ("date", "month-year"), ("time", ""), ("dateTime", ""), ("geopoint", ""), ("barcode", ""), ("acknowledge", ""),
    ("range", ""), ("select_one yes_no", ""), ("select_one yes_no", "minimal"), ("select_one yes_no", "likert"),
    ("select_one yes_no or_other", ""), ("select_multiple yes_no", ""), ("rank yes_no", ""), ("note", ""),
    ("phone number", ""), ("percentage", ""),
]  # fmt: skip

ANSWERED_BY = "input, textarea, select, button, [role=slider], [role=combobox]"


def test_every_kind_of_question_is_drawn(new_study, desk: Page):
    # given a questionnaire with a question of each kind
    questions = [[kind, f"q_{n}", f"Pregunta {n}.", look] for n, (kind, look) in enumerate(KINDS)]
    every = {
        "survey": [["type", "name", "label", "appearance"], *questions],
        "choices": [["list_name", "name", "label"], ["yes_no", "yes", "Sí"], ["yes_no", "no", "No"]],
        "settings": [["form_id", "version"], ["every", "1"]],
    }
    load_instrument(by=STUDY, source=workbook(every), name="every.xlsx", now=timezone.now())
    # when it is tried
    sign_in(desk, "administradora")
    desk.goto(f"/cuestionarios/{Instrument.objects.get(code='every').pk}/probar/")
    expect(desk.locator("[data-web-form][data-whole]")).to_be_visible()
    # then each is there, with something to answer it by
    asked = desk.locator(".question-container")
    expect(asked).to_have_count(len(KINDS))
    for n, (kind, _look) in enumerate(KINDS):
        one = asked.filter(has_text=f"Pregunta {n}.")
        expect(one).to_have_count(1)
        if kind != "note":
            expect(
                one.locator("input, textarea, select, button, [role=slider], [role=combobox]").first
            ).to_be_attached()
    # and none says that it cannot be drawn yet
    expect(desk.get_by_text("pending")).to_have_count(0)
    assert_accessible(desk)
    # and a screen reader hears what a scale and an arrow are about, and that nothing was answered yet
    scale = desk.get_by_role("slider", name=f"Pregunta {KINDS.index(('range', ''))}.")
    expect(scale).to_have_attribute("aria-valuetext", "Sin respuesta todavía")
    expect(desk.get_by_role("button", name="Bajar: Sí")).to_have_count(1)
    scale.press("ArrowRight")
    expect(scale).not_to_have_attribute("aria-valuetext", "Sin respuesta todavía")
    assert_accessible(desk)


def ask(phone: Page) -> None:
    sign_in(phone, "encuestadora")
    phone.goto("/conversaciones/")
    open_survey(phone)
    asked = phone.locator(".question-container")
    asked.filter(has_text="¿Está a solas?").get_by_role("radio", name="Sí").check()
    asked.filter(has_text="¿Cuántos cuartos?").get_by_role("spinbutton").press_sequentially("3")
    phone.keyboard.press("Tab")
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    expect(phone.get_by_role("heading", name="Gracias")).to_be_visible()
