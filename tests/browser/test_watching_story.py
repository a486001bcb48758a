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
    expect(desk.get_by_role("img", name="La semana pasada se hizo")).to_be_visible()
    desk.get_by_text("Los números de esta imagen").click()
    expect(desk.get_by_role("columnheader", name="Semana del")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="Estación 07")).to_be_visible()
    assert_accessible(desk)
    # and the ledger has its acts
    desk.goto("/resumen/mezclas/")
    expect(desk.get_by_role("heading", name="Hecho por hecho")).to_be_visible()
    assert_accessible(desk)
