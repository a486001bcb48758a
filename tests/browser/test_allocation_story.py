"""The administrator's story: from a list of stations to arms that two people vouched for and nobody can change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible
from tests.fixtures.databases import CHECKOUT

pytestmark = pytest.mark.browser

FRAME = CHECKOUT / "stations" / "data"


def import_the_frame(page: Page) -> None:
    page.goto("/estaciones/importar/")
    page.get_by_label("Estaciones (CSV").set_input_files(FRAME / "lima_stations_2017.csv")
    page.get_by_label("Distritos (CSV").set_input_files(FRAME / "lima_districts.csv")
    page.get_by_role("button", name="Revisar los archivos").click()
    assert_accessible(page)
    page.get_by_role("button", name="Escribir").click()


def approve(page: Page) -> None:
    page.get_by_role("link", name="Aprobar…").click()
    expect(page.get_by_role("button", name="Aprobar")).to_be_visible()
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    assert_accessible(page)
    page.get_by_role("button", name="Aprobar").click()


def taken(page: Page, link: str, folder: Path) -> Path:
    """Download what a link gives, and keep it as a file."""
    if link.startswith("Programa"):
        page.goto("/sorteos/")
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).first.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def promise_a_draw(page: Page) -> str:
    """Promise, and return what is to be published."""
    page.goto("/sorteos/")
    assert_accessible(page)
    page.get_by_label("¿Qué sorteo público decidirá?").fill("Lotería X, 6 de diciembre de 2026, los números en orden")
    page.get_by_role("button", name="Comprometer el sorteo").click()
    assert_accessible(page)
    return page.locator("dd code").first.inner_text()


@pytest.mark.requirement("F5", "F6", "F8", "N16")
def test_administrator_promises_reveals_and_with_a_second_person_locks_the_arms(new_study, desk: Page, tmp_path):
    # given the administrator with the list of Lima's stations
    sign_in(desk, "administradora")
    import_the_frame(desk)
    expect(desk.get_by_role("status")).to_contain_text("El marco está al día")
    # when she promises a draw, and publishes the promise
    promise = promise_a_draw(desk)
    assert len(promise) == 64
    # and types the numbers once they are drawn, the second time with a slip
    desk.get_by_label("Números sorteados").fill("03 11 22 31 40 45")
    desk.get_by_label("Los mismos números otra vez").fill("03 11 22 31 40 54")
    desk.get_by_role("button", name="Revelar el sorteo").click()
    expect(desk.locator(".invalid-feedback")).to_contain_text("No coinciden")
    desk.get_by_label("Los mismos números otra vez").fill("03 11 22 31 40 45")
    desk.get_by_role("button", name="Revelar el sorteo").click()
    # then the stations are drawn, and the arms are nowhere to be seen
    expect(desk.get_by_text("Aprobaron 0 de 2 personas")).to_be_visible()
    expect(desk.get_by_role("heading", name="Estaciones sorteadas")).to_be_visible()
    expect(desk.get_by_role("heading", name="Estaciones por grupo")).to_have_count(0)
    expect(desk.get_by_role("link", name="Certificado", exact=True)).to_have_count(0)
    assert_accessible(desk)
    # when she approves, it takes one more
    approve(desk)
    expect(desk.get_by_role("status")).to_contain_text("Debe aprobar una segunda persona")
    expect(desk.get_by_role("link", name="Aprobar…")).to_have_count(0)
    # and the statistician approves too
    sign_out(desk)
    sign_in(desk, "estadistica")
    desk.goto("/sorteos/")
    desk.get_by_role("link", name="Verlo").click()
    approve(desk)
    # then four stations stand in each arm, with their balance beside them
    expect(desk.get_by_role("status")).to_contain_text("La asignación está cerrada")
    arms = desk.locator("main section:has(h3)")
    expect(arms).to_have_count(4)
    for arm in arms.all():
        expect(arm.get_by_role("listitem")).to_have_count(4)
    assert_accessible(desk)
    # and whoever takes the certificate draws the same again without this system
    certificate = taken(desk, "Certificado", tmp_path)
    commitment = json.loads(certificate.read_text(encoding="utf-8"))["commitment"]
    assert (commitment["sha256"], commitment["public_draw"]) == (promise, "03-11-22-31-40-45")
    script = taken(desk, "Programa para sortear de nuevo", tmp_path)
    again = subprocess.run([sys.executable, "-I", script, certificate], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr


def test_rehearsal_shows_the_arms_and_never_counts(new_study, desk: Page):
    # given a frame
    sign_in(desk, "administradora")
    import_the_frame(desk)
    # when the seed is a word
    desk.goto("/sorteos/")
    desk.get_by_label("Semilla").fill("siete")
    desk.get_by_role("button", name="Ensayar").click()
    # then the page says what a seed is, and nothing was drawn
    expect(desk.locator(".invalid-feedback")).to_contain_text("número entero")
    expect(desk.get_by_text("Todavía no hay sorteos")).to_be_visible()
    assert_accessible(desk)
    # and with a number the arms are there to be looked at, with no way to lock them
    desk.get_by_label("Semilla").fill("7")
    desk.get_by_role("button", name="Ensayar").click()
    expect(desk.get_by_role("heading", name="Ensayo con semilla 7")).to_be_visible()
    expect(desk.locator("main section:has(h3)")).to_have_count(4)
    expect(desk.get_by_text("nunca puede contar")).to_be_visible()
    expect(desk.get_by_role("link", name="Aprobar…")).to_have_count(0)
