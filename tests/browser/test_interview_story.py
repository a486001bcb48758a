"""The interviews' story: chosen, agreed, held, brought in over a bad line, masked, coded by two, and handed on."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from interviews.models import Interview, InterviewFile, TranscriptVersion
from interviews.refi_qda import read_codebook
from participants.models import Consent
from participants.safe_contact import Contact, next_safe_moment
from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible
from tests.interviews.bringing import docx, wav

pytestmark = pytest.mark.browser

SOUND = wav(3 * 2**20 + 5)
SAID = docx("E: ¿Con quién habló?", "P: Con mi vecina Lucía Quispe.", "E: ¿Y después?", "P: Me acompañó ella.")


def choose_women(page: Page) -> Interview:
    """Let the administrator choose; return an interview whose woman consents to audio and has safe hours."""
    sign_in(page, "administradora")
    page.goto("/entrevistas/eleccion/")
    page.get_by_role("spinbutton", name="Semilla").fill("42")
    assert_accessible(page)
    page.get_by_role("button", name="Elegir", exact=True).click()
    expect(page.get_by_text("Elegidas.")).to_be_visible()
    sign_out(page)
    interview = Interview.objects.filter(selection__seed="42").select_related("participant__interviewer").first()
    agreed = {"text_version": "1", "given_at": timezone.now() - timedelta(days=9)}
    Consent.objects.get_or_create(participant=interview.participant, scope="audio", defaults=agreed)
    return interview


def agree_on_a_time(page: Page, interview: Interview) -> None:
    plan = interview.participant.safe_contact.times
    day = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=0, minute=0)
    at = next_safe_moment(plan, day, Contact.VISIT)
    page.goto(f"/entrevistas/{interview.pk}/")
    page.get_by_label("Día y hora").first.fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label("Minutos").first.fill("30")
    page.get_by_role("button", name="Proponer esta hora").click()
    page.get_by_label("Le pregunté si quiere conversar").check()
    assert_accessible(page)
    page.get_by_role("button", name="Acepta esta hora").click()
    expect(page.get_by_role("button", name="Se hizo")).to_be_visible()


def hold(page: Page, interview: Interview) -> None:
    """The day comes; before the recorder is switched on she is asked again."""
    began = timezone.now() - timedelta(hours=2)
    Interview.objects.filter(pk=interview.pk).update(starts_at=began, ends_at=began + timedelta(minutes=30))
    page.reload()
    page.get_by_label("Antes de empezar le pregunté otra vez").check()
    page.get_by_label("Sí, acepta").check()
    page.get_by_role("button", name="Se hizo").click()
    expect(page.get_by_role("heading", name="Traer un archivo")).to_be_visible()


def bring(page: Page, kind: str, name: str, content: bytes) -> None:
    page.get_by_label("Qué es").select_option(kind)
    page.get_by_label("Archivo", exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Traerlo").click()


def code(page: Page, transcript: TranscriptVersion, paragraphs: tuple[int, ...]) -> None:
    page.goto(f"/entrevistas/lectura/{transcript.pk}/")
    for number in paragraphs:
        page.locator(f"[data-paragraph='{number}']").focus()
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator("[data-chosen]")).not_to_have_text("El párrafo entero")
        page.get_by_label("Código", exact=True).select_option(label="Planes")
        page.get_by_role("button", name="Poner el código").click()
        expect(page.locator(f"#p{number} mark")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Terminé este texto").click()
    expect(page.get_by_text("Usted terminó este texto")).to_be_visible()


@pytest.mark.timeout(1800)
@pytest.mark.requirement("F53", "N31")
def test_from_the_choice_to_the_codebook(running_study, desk: Page):
    # given women chosen by a rule, and one of them who agrees to talk at a safe hour
    interview = choose_women(desk)
    sign_in(desk, interview.participant.interviewer.username)
    agree_on_a_time(desk, interview)
    hold(desk, interview)

    # when the recording is brought in and the line breaks off after two pieces, so that the page is loaded again
    desk.route("**/partes/2/", lambda route: route.fulfill(status=503))
    bring(desk, "audio", "Rosa Quispe.wav", SOUND)
    expect(desk.get_by_text("Se perdió la conexión")).to_be_visible()
    desk.unroute("**/partes/2/")
    desk.reload()
    expect(desk.get_by_text("Ya está el 50 %")).to_be_visible()
    # then it goes on when the same file is chosen, and its checksum is shown
    bring(desk, "audio", "otro nombre.wav", SOUND)
    expect(desk.get_by_text("SHA-256")).to_be_visible()
    file = InterviewFile.objects.get(interview=interview)
    assert (file.received, file.file_format) == (4, "wav")
    expect(desk.get_by_text(file.sha256)).to_be_visible()
    assert_accessible(desk)

    # when the transcript is brought in and masked
    bring(desk, "transcript", "Rosa.docx", SAID)
    desk.get_by_role("link", name="Leer y enmascarar").click()
    expect(desk.get_by_label("Lucía Quispe")).to_be_checked()
    assert_accessible(desk)
    desk.get_by_role("button", name="Guardar una versión enmascarada").click()
    expect(desk.get_by_text("El texto enmascarado está guardado")).to_be_visible()
    sign_out(desk)

    # and two coders mark it, each by herself, with the keyboard
    text = TranscriptVersion.objects.get(interview=interview, form="masked")
    for coder, paragraphs in (("investigadora", (2, 4)), ("investigadora2", (2,))):
        sign_in(desk, coder)
        code(desk, text, paragraphs)
        if coder == "investigadora":
            sign_out(desk)
    # then their agreement is shown: both 1, only one 1, neither 2 of 4 paragraphs
    desk.get_by_role("link", name="Acuerdo").click()
    expect(desk.locator("tfoot")).to_contain_text("0.50")
    assert_accessible(desk)
    # and the codebook goes on to other programs
    desk.goto("/entrevistas/codigos/")
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Descargar como REFI-QDA").click()
    assert "Planes" in {row.name for row in read_codebook(started.value.path().read_bytes())}
    assert_accessible(desk)
