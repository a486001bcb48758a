"""The supervisor's story from a report to enrolment, and that of a file with a mistake."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.models import IncidentReport, Participant
from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


def answer(page: Page, question: str, word: str) -> None:
    page.get_by_role("group", name=question).get_by_label(word, exact=True).check()


def write_down(page: Page, *, number: str, name: str) -> None:
    page.get_by_role("link", name="Nuevo ingreso").click()
    page.get_by_label("Número de la denuncia").fill(number)
    page.get_by_label("Día de la denuncia").fill(timezone.localdate().isoformat())
    page.get_by_label("Nombre completo").first.fill(name)
    page.get_by_label("Número de documento").first.fill("SIMX0001")
    page.get_by_label("Dirección").fill("Jr. El Ejemplo 12 (dato sintético)")
    assert_accessible(page)
    page.get_by_role("button", name="Guardar").click()


def sign(page: Page) -> None:
    """Sign on the screen, with a stroke up and down."""
    pad = page.locator("canvas.signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(box["x"] + 30 + 16 * step, box["y"] + 40 + 30 * (step % 2))
    page.mouse.up()


def test_supervisor_screens_a_woman_who_reported_and_enrols_her(running_study, phone: Page):
    # given a report that came in today
    sign_in(phone, "supervisora")
    phone.goto("/ingresos/")
    expect(phone.get_by_role("region", name="Inscripción")).to_contain_text("10 de 100 mujeres inscritas")
    write_down(phone, number="SIM-X-1", name="Flor Inventada Ríos")
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile(r"^R\d{6}$"))
    # when she first forgets an answer
    answer(phone, "¿Pudo hablar con ella?", "Sí")
    phone.get_by_label("Edad, en años cumplidos").fill("31")
    for question in ("es o fue su pareja", "Vive en la jurisdicción", "sin ponerla en peligro", "única mujer"):
        answer(phone, question, "Sí")
    answer(phone, "Sabe usted qué grupo", "No")
    phone.get_by_role("button", name="Guardar").click()
    # then she is asked for it, and what she answered is still there
    expect(phone.get_by_role("alert")).to_contain_text("indique si desea participar")
    expect(phone.get_by_label("Edad, en años cumplidos")).to_have_value("31")
    assert_accessible(phone)
    answer(phone, "¿Desea participar?", "Sí")
    phone.get_by_role("button", name="Guardar").click()
    # and a woman found eligible is enrolled with what is already known of her
    expect(phone.get_by_text("Por inscribir")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Inscribir").click()
    expect(phone.get_by_label("Nombre completo").first).to_have_value("Flor Inventada Ríos")
    expect(phone.get_by_label("Edad")).to_have_value("31")
    assert_accessible(phone)
    # when she agrees to two things and signs with her finger, but a safe day is forgotten
    for scope in ("visiten en casa", "me haga preguntas en privado"):
        phone.get_by_label(re.compile(scope)).check()
    sign(phone)
    phone.get_by_label("Desde").fill("09:00")
    phone.get_by_label("Hasta").fill("12:00")
    phone.locator("[name=address]").fill("Jr. Inventado 12")
    phone.get_by_label("Distrito donde vive").select_option("Ninguno de estos distritos")
    phone.get_by_role("button", name="Inscribir").click()
    # then the form comes back with her signature still on it
    assert phone.locator("[data-signature]").input_value().startswith("[[[")
    phone.locator("[name=safe_weekdays][value='2']").check()
    phone.get_by_role("button", name="Inscribir").click()
    # and she is enrolled, her copy is kept, and it opens
    expect(phone.get_by_text(re.compile("Inscrita como"))).to_be_visible()
    woman = Participant.objects.order_by("-pk").first()
    phone.goto(f"/personas/{woman.study_code}/acuerdos/")
    assert_accessible(phone)
    with phone.expect_download() as copy:
        phone.get_by_role("link", name="Abrir la copia").click()
    assert copy.value.suggested_filename.startswith("copia-")
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF")


def test_supervisor_brings_a_file_with_a_mistake_and_writes_what_she_saw(running_study, desk: Page, tmp_path: Path):
    # given a file with a right row, one of a woman who takes part, and a wrong one
    woman = Participant.objects.filter(station__postings__officer__user__username="supervisora").first()
    today = timezone.localdate().isoformat()
    file = tmp_path / "denuncias.csv"
    file.write_text(
        "numero;fecha;nombre;documento\n"
        f"SIM-X-1;{today};Flor Inventada Ríos;SIMX0001\n"
        f"SIM-X-2;{today};Quien sea;SIM{woman.pk - Participant.objects.order_by('pk').first().pk + 1:05d}\n"
        "SIM-X-3;ayer;Luz Inventada Soto;SIMX0003\n",
        encoding="utf-8",
    )
    before = IncidentReport.objects.count()
    # when she has it checked
    sign_in(desk, "supervisora")
    desk.goto("/ingresos/importar/")
    desk.get_by_label("Denuncias (CSV o XLSX)").set_input_files(file)
    assert_accessible(desk)
    desk.get_by_role("button", name="Revisar el archivo").click()
    # then the wrong row is named with its column, and the others with what becomes of them
    expect(desk.get_by_role("row", name="4 fecha")).to_contain_text("se encontró 'ayer'")
    assert_accessible(desk)
    desk.get_by_role("link", name="Nueva · 1").click()
    expect(desk.get_by_role("row", name="2 SIM-X-1")).to_contain_text("F. I.")
    desk.get_by_role("link", name="Ya inscrita · 1").click()
    expect(desk.get_by_role("row", name="3 SIM-X-2")).to_contain_text("una nueva denuncia suya")
    # and writing takes exactly the right ones
    desk.get_by_role("button", name="Escribirlas").click()
    expect(desk.get_by_text("Se escribieron 2 denuncias.")).to_be_visible()
    assert IncidentReport.objects.count() == before + 2
    assert woman.police_reports.filter(reported_on=timezone.localdate()).count() == 1
    assert_accessible(desk)
