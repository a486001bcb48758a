"""The administrator's story of a list with a mistake: found, mended, looked through, written, kept."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.documents.test_tables import as_xlsx
from tests.fixtures.browser import assert_accessible
from tests.fixtures.databases import CHECKOUT

pytestmark = pytest.mark.browser

DATA = CHECKOUT / "stations" / "data"


def workbook(path: Path, *, first_code: object) -> Path:
    """Write the list of stations as a spreadsheet, with the first code as somebody typed it."""
    rows: list[list[object]] = [line.split(",") for line in (DATA / "lima_stations_2017.csv").read_text().splitlines()]
    rows[1][0] = first_code
    path.write_bytes(as_xlsx(rows))
    return path


@pytest.mark.requirement("F48")
def test_administrator_mends_a_list_and_writes_what_she_has_seen(new_study, desk: Page, tmp_path):
    # given a workbook in which the spreadsheet made the number 405 of the first code
    sign_in(desk, "administradora")
    desk.goto("/estaciones/importar/")
    wrong = workbook(tmp_path / "estaciones.xlsx", first_code=405)
    desk.get_by_label("Estaciones (CSV o XLSX)").set_input_files(wrong)
    desk.get_by_label("Distritos (CSV o XLSX)").set_input_files(DATA / "lima_districts.csv")
    # when she has it checked
    desk.get_by_role("button", name="Revisar los archivos").click()
    # then the row is named, the others are shown beside, and nothing can be written
    expect(desk.get_by_role("alert")).to_contain_text("1 problema")
    expect(desk.get_by_role("row", name="2 estaciones.xlsx code")).to_contain_text("un código de cuatro dígitos")
    expect(desk.get_by_role("button", name="Nueva · 155")).to_be_visible()
    expect(desk.get_by_role("button", name="Escribir")).to_have_count(0)
    assert_accessible(desk)
    # when she chooses the mended workbook alone
    desk.get_by_label("Estaciones (CSV o XLSX)").set_input_files(workbook(wrong, first_code="0405"))
    desk.get_by_role("button", name="Revisar los archivos").click()
    # then she can look through every row and write exactly those
    expect(desk.get_by_role("button", name="Nueva · 156")).to_be_visible()
    desk.get_by_role("button", name="Página siguiente").click()
    expect(desk.get_by_text("2 / 2")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Escribir").click()
    expect(desk.get_by_role("status")).to_contain_text("El marco está al día")
    # and she finds a station among them, and why it cannot be drawn
    desk.get_by_role("searchbox", name="Buscar una estación").fill("cotabambas")
    desk.get_by_role("button", name="Buscar").click()
    expect(desk.get_by_role("row", name="0407")).to_contain_text("Ningún agente de familia")
    assert_accessible(desk)
    # when stations are drawn, then the frozen copy has the hash that the page shows
    desk.goto("/sorteos/")
    desk.get_by_label("Semilla").fill("20261118")
    desk.get_by_role("button", name="Ensayar").click()
    desk.goto("/estaciones/")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="JSON").click()
    assert hashlib.sha256(download.value.path().read_bytes()).hexdigest() == desk.locator(".hash").inner_text()
    assert_accessible(desk)
