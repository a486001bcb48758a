"""The administrator's story: from a list of stations to arms that nobody can change any more."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible
from tests.fixtures.databases import CHECKOUT

pytestmark = pytest.mark.browser

FRAME = CHECKOUT / "stations" / "data"


def import_the_frame(page: Page) -> None:
    page.goto("/estaciones/importar/")
    page.get_by_label("Estaciones (CSV o XLSX)").set_input_files(FRAME / "lima_stations_2017.csv")
    page.get_by_label("Distritos (CSV o XLSX)").set_input_files(FRAME / "lima_districts.csv")
    page.get_by_role("button", name="Revisar los archivos").click()
    assert_accessible(page)
    page.get_by_role("button", name="Escribir").click()


@pytest.mark.requirement("F5")
@pytest.mark.requirement("F6")
@pytest.mark.requirement("F8")
def test_administrator_draws_sixteen_stations_and_locks_their_arms(new_study, desk: Page):
    # given the administrator with the list of Lima's stations
    sign_in(desk, "administradora")
    import_the_frame(desk)
    expect(desk.get_by_role("status")).to_contain_text("El marco está al día")
    expect(desk.locator(".figure-value")).to_have_text(["113", "9", "104", "16"])
    assert_accessible(desk)
    # when she draws with a seed
    desk.goto("/sorteos/")
    desk.get_by_label("Semilla").fill("20261118")
    desk.get_by_role("button", name="Sortear y asignar").click()
    # then four stations stand in each arm, with their balance beside them
    expect(desk.get_by_role("heading", name="Sorteo con semilla 20261118")).to_be_visible()
    arms = desk.locator("main section")
    expect(arms).to_have_count(4)
    for arm in arms.all():
        expect(arm.get_by_role("listitem")).to_have_count(4)
    expect(desk.get_by_role("table").get_by_role("row")).to_have_count(7)
    assert_accessible(desk)
    # and once she locks them, the certificate says what was drawn, and no other draw can count
    desk.get_by_role("link", name="Cerrar…").click()
    desk.get_by_label("He visto el balance").check()
    assert_accessible(desk)
    desk.get_by_role("button", name="Cerrar para siempre").click()
    expect(desk.get_by_role("status")).to_contain_text("La asignación está cerrada")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Certificado").click()
    certificate = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert certificate["seed"] == "20261118"
    assert len(certificate["assignment"]) == 16
    desk.goto("/sorteos/")
    desk.get_by_label("Semilla").fill("7")
    desk.get_by_role("button", name="Sortear y asignar").click()
    expect(desk.get_by_text("otro sorteo está cerrado")).to_be_visible()
    expect(desk.get_by_role("link", name="Cerrar…")).to_have_count(0)


def test_seed_that_is_no_number_is_told_beside_the_field(new_study, desk: Page):
    # given a frame
    sign_in(desk, "administradora")
    import_the_frame(desk)
    # when the seed is a word
    desk.goto("/sorteos/")
    desk.get_by_label("Semilla").fill("siete")
    desk.get_by_role("button", name="Sortear y asignar").click()
    # then the page says what a seed is, twice, and nothing was drawn
    expect(desk.get_by_role("alert")).to_contain_text("número entero")
    expect(desk.locator(".invalid-feedback")).to_contain_text("número entero")
    expect(desk.get_by_text("Todavía no hay sorteos")).to_be_visible()
    assert_accessible(desk)
