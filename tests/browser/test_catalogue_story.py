"""The researcher's way from a data set's codebook to a key for her program."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F45", "F47")
def test_researcher_finds_a_column_and_makes_a_key(running_study, desk: Page):
    # given a researcher who looks for what became of the surveys
    sign_in(desk, "investigadora")
    desk.goto("/datos/")
    desk.get_by_role("link", name="Libro de códigos e imágenes panel_wave").click()
    expect(desk.get_by_role("heading", name="panel_wave", exact=True)).to_be_visible()
    # when she searches the codebook by a word of a label, with no script at work
    desk.get_by_label("Buscar en el libro de códigos").fill("qué fue de la encuesta")
    desk.get_by_role("button", name="Buscar").click()
    # then she sees that column alone, its picture, and its numbers one click away
    expect(desk.get_by_role("heading", level=2)).to_have_text(["survey_status"])
    expect(desk.get_by_role("img", name=re.compile("survey_status"))).to_be_visible()
    desk.locator("summary").click()
    expect(desk.get_by_role("table")).to_be_visible()
    assert_accessible(desk)
    # and when her program is to read it, she makes a key, which is shown this once
    desk.goto("/claves/")
    desk.get_by_label("Para qué es").fill("Informe mensual")
    desk.get_by_label("Conjuntos de datos y sus libros de códigos").check()
    desk.get_by_role("button", name="Crear la clave").click()
    expect(desk.get_by_role("heading", name="Su clave, que se muestra solo esta vez")).to_be_visible()
    expect(desk.get_by_text(re.compile("^agenda_"))).to_be_visible()
    expect(desk.get_by_text("Informe mensual", exact=True)).to_be_visible()
    assert_accessible(desk)
