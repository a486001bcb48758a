"""A questionnaire with a show-card and a list in a file: loaded, tried, asked on the page and without a signal."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from participants.models import Participant
from surveys.models import Instrument, InstrumentFile, Submission
from surveys.services import load_instrument, pin_instrument, publish_instrument, schedule_waves
from tests.browser.conftest import sign_in
from tests.browser.phones import PIN, Line, give_pin, kept, kill, line_to, phone_at, sign_in_on_phone, until
from tests.browser.test_notebook_story import NOTEBOOK, asked, expect_list, expect_sent, save, say
from tests.browser.test_survey_story import open_survey
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.surveys.conftest import STUDY
from tests.surveys.xforms.workbooks import workbook

pytestmark = pytest.mark.browser

DISTRICTS = b"name;label;where\nmiraflores;Miraflores;yes\nbarranco;Barranco;yes\nwanchaq;Wanchaq;no\n"
SHEETS = {
    "survey": [
        ["type", "name", "label::Español (es)", "media::image::Español (es)", "choice_filter", "calculation"],
        ["select_one yes_no", "privacy", "¿Vive en la costa?", "tarjeta 1.png"],
        ["select_one_from_file districts.csv", "district", "¿En qué distrito?", "", "where = ${privacy}"],
        ["calculate", "told", "", "", "", "pulldata('districts', 'label', 'name', ${district})"],
    ],
    "choices": [
        ["list_name", "name", "label::Español (es)", "media::image::Español (es)"],
        ["yes_no", "yes", "Sí", "cara.jpg"],
        ["yes_no", "no", "No"],
    ],
    "settings": [["form_title", "form_id", "version", "default_language"], ["Tarjetas", "cards", "1", "Español (es)"]],
}
# How many files the phone keeps, all of them sealed.
FILES_KEPT = """() => new Promise((settle) => {
    const opening = indexedDB.open("agenda");
    opening.onsuccess = () => {
        const database = opening.result;
        const counting = database.transaction("files").objectStore("files").count();
        counting.onsuccess = () => { database.close(); settle(counting.result); };
    };
})"""


def picture(kind: str) -> bytes:
    """A picture of noise, whose bytes stand nowhere else."""
    drawn, out = random.Random(kind), io.BytesIO()
    Image.frombytes("RGB", (120, 90), drawn.randbytes(120 * 90 * 3)).save(out, format=kind)
    return out.getvalue()


GIVEN = (("tarjeta 1.png", picture("PNG")), ("cara.jpg", picture("JPEG")), ("districts.csv", DISTRICTS))


def due_today() -> Participant:
    woman = ParticipantFactory(interviewer=User.objects.get(username="encuestadora"), enrolled_on=timezone.localdate())
    schedule_waves(by=STUDY, participant=woman, now=timezone.now())
    return woman


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


@pytest.fixture
def woman(new_study) -> Participant:
    now = timezone.now()
    loaded = load_instrument(by=STUDY, source=workbook(SHEETS), name="t.xlsx", files=GIVEN, now=now)
    publish_instrument(by=STUDY, instrument=loaded, now=now)
    pin_instrument(by=STUDY, wave="baseline", instrument=loaded, now=now)
    return due_today()


def expect_pictures(page: Page) -> None:
    """The show-card and the picture of the choice are there, and hold what they should."""
    shown = page.locator(".question-container img")
    expect(shown).to_have_count(2)
    for number in range(2):
        expect(shown.nth(number)).to_be_visible()
        expect(shown.nth(number)).to_have_js_property("naturalWidth", 120)


def answer_all(page: Page) -> None:
    say(page, "¿Vive en la costa?", "Sí")
    expect(asked(page, "¿En qué distrito?").get_by_role("radio")).to_have_count(2)
    say(page, "¿En qué distrito?", "Barranco")


def expect_stored(woman: Participant) -> None:
    stored = Submission.objects.get(case__participant=woman)
    assert stored.answers == {"privacy": "yes", "district": "barranco", "told": "Barranco"}
    assert stored.findings == []


@pytest.mark.requirement("F24")
def test_workbook_is_loaded_with_its_files_tried_and_asked(new_study, desk: Page, phone: Page, tmp_path: Path):
    # given a workbook that names a show-card and a list
    (tmp_path / "tarjetas.xlsx").write_bytes(workbook(SHEETS))
    for name, content in GIVEN:
        (tmp_path / name).write_bytes(content)
    sign_in(desk, "administradora")
    desk.goto("/cuestionarios/nuevo/")
    # when it is given without its files, then each is missed by the cell that names it
    desk.get_by_label("Libro (.xlsx)").set_input_files(tmp_path / "tarjetas.xlsx")
    desk.get_by_role("button", name="Revisar y cargar").click()
    expect(desk.get_by_role("alert").get_by_role("row").nth(1)).to_contain_text("Falta el archivo")
    assert_accessible(desk)
    # and when it is given with them, they stand on its page
    desk.get_by_label("Libro (.xlsx)").set_input_files(tmp_path / "tarjetas.xlsx")
    desk.get_by_label("Archivos que nombra").set_input_files([tmp_path / name for name, _content in GIVEN])
    desk.get_by_role("button", name="Revisar y cargar").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Tarjetas · 1")
    expect(desk.get_by_role("link", name="districts.csv")).to_be_visible()
    assert_accessible(desk)
    # then it can be tried as it will be asked
    desk.get_by_role("link", name="Probarlo").click()
    expect(desk.locator("[data-web-form][data-whole]")).to_be_visible()
    expect_pictures(desk)
    answer_all(desk)
    assert_accessible(desk)
    # and published and asked, what was chosen from the list is taken without a question
    stored, now = Instrument.objects.get(code="cards"), timezone.now()
    publish_instrument(by=STUDY, instrument=stored, now=now)
    pin_instrument(by=STUDY, wave="baseline", instrument=stored, now=now)
    woman = due_today()
    sign_in(phone, "encuestadora")
    phone.goto("/conversaciones/")
    open_survey(phone)
    expect(phone.locator("[data-web-form][data-whole]")).to_be_visible()
    expect_pictures(phone)
    answer_all(phone)
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar la encuesta").click()
    expect(phone.get_by_role("heading", name="Gracias")).to_be_visible()
    expect_stored(woman)


def set_up(page: Page) -> None:
    sign_in_on_phone(page, "encuestadora", NOTEBOOK)
    page.get_by_label("Nuevo PIN").fill(PIN)
    page.get_by_label("El mismo PIN").fill(PIN)
    page.get_by_role("button", name="Usar este PIN").click()
    expect_list(page)
    expect(page.locator(".item-card")).to_have_count(1, timeout=15_000)
    kept(page)


def begin(page: Page, woman: Participant, *, by: str = "Empezar") -> None:
    page.locator(".item-card", has_text=woman.study_code).click()
    page.get_by_role("button", name=by, exact=True).click()
    page.get_by_role("button", name="Estamos a solas: empezar").click()


@pytest.mark.requirement("F28")
def test_show_card_and_list_are_there_without_a_signal(
    woman: Participant, chromium: Browser, line: Line, tmp_path: Path
):
    # given an interviewer whose phone has taken what her questionnaire names, and then no signal
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        until(page, f"async () => (await ({FILES_KEPT})()) === 3")
        line.is_cut = True
        # when she asks, the pictures and the list are there
        begin(page, woman)
        expect(page.locator(".web-form[data-ready]")).to_be_visible(timeout=30_000)
        expect_pictures(page)
        answer_all(page)
        expect(page.get_by_role("status").filter(has_text="Guardado en este teléfono")).to_be_visible()
        assert_accessible(page)
        kill(tmp_path / "phone")
    # then nothing of them lies on the phone in clear
    contents = [bytes(file.content)[60:160] for file in InstrumentFile.objects.filter(kind="image")]
    files = [file.read_bytes() for file in (tmp_path / "phone").rglob("*") if file.is_file()]
    assert [content for content in contents if any(content in file for file in files)] == []
    with phone_at(chromium, line, tmp_path / "phone") as page:
        # and after the phone was dead she goes on, and it is taken without a question once there is a signal
        page.goto(NOTEBOOK)
        give_pin(page)
        begin(page, woman, by="Seguir con ella")
        expect(page.locator(".web-form[data-ready]")).to_be_visible(timeout=30_000)
        expect_pictures(page)
        # (the first question is asked anew, whatever was said before)
        answer_all(page)
        save(page)
        expect(page.get_by_role("heading", level=1, name="Gracias")).to_be_visible()
        line.is_cut = False
        sign_in_on_phone(page, "encuestadora", NOTEBOOK)
        give_pin(page)
        expect_list(page)
        expect_sent(page)
    expect_stored(woman)


def test_nothing_is_asked_while_a_file_has_not_come(woman: Participant, chromium: Browser, line: Line, tmp_path: Path):
    # given a line over which no file comes
    no_file = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
    line.answers = lambda said: no_file if b"/medios/" in said.split(b"\r\n", 1)[0] else None
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        # when she would ask, it says that something is not there yet
        begin(page, woman)
        expect(page.get_by_text("aún no están en este teléfono")).to_be_visible(timeout=30_000)
        assert_accessible(page)
        # and when it comes, it is asked
        line.answers = lambda _said: None
        page.get_by_role("button", name="Volver").click()
        page.get_by_role("button", name="Empezar", exact=True).click()
        page.get_by_role("button", name="Estamos a solas: empezar").click()
        expect(page.locator(".web-form[data-ready]")).to_be_visible(timeout=30_000)
        expect_pictures(page)
