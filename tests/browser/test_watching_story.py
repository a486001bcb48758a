"""Those who watch the trial: the coordinator reads station by station, the board without one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("N12")
def test_coordinator_reads_the_dose_by_station_and_what_mixed_the_arms(running_study, desk: Page):
    # given the coordinator of a study in its tenth month
    sign_in(desk, "administradora")
    # when she opens the visits made
    desk.goto("/resumen/visitas/")
    # then a picture says what came of them, its numbers are one click away, and each station has a line
    expect(desk.locator("svg.chart")).to_be_visible()
    desk.get_by_text("Los números de esta imagen").click()
    expect(desk.get_by_role("columnheader", name="Semana del")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="Estación 07")).to_be_visible()
    assert_accessible(desk)
    # and the ledger has its acts
    desk.goto("/resumen/mezclas/")
    expect(desk.get_by_role("heading", name="Hecho por hecho")).to_be_visible()
    assert_accessible(desk)


@pytest.mark.requirement("N25")
def test_board_reads_its_week_without_a_name_or_a_station(running_study, desk: Page):
    # given somebody of the board: her week is the first page
    sign_in(desk, "comite")
    expect(desk.get_by_role("heading", name="La semana en números")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="Participantes inscritas")).to_be_visible()
    assert_accessible(desk)
    # when she takes it along on paper, then it is a PDF
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Descargar (PDF)").click()
    assert started.value.suggested_filename == "semana.pdf"
    # and the dose and the ledger stand without stations
    desk.goto("/resumen/visitas/")
    expect(desk.locator("svg.chart")).to_be_visible()
    expect(desk.get_by_text("Estación 07")).to_have_count(0)
    assert_accessible(desk)
    desk.goto("/resumen/mezclas/")
    expect(desk.get_by_role("heading", name="Qué mezcló los grupos")).to_be_visible()
    expect(desk.get_by_role("heading", name="Hecho por hecho")).to_have_count(0)
    assert_accessible(desk)
