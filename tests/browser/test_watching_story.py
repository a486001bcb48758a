"""Those who watch the trial: the coordinator reads station by station, the board without one."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from monitoring.jobs import LONGEST_SILENCE
from quality.rules import RULES, RuleCode
from quality.services import check_rule
from quality.tasks import CHECKER
from quality.views import QUERIES_PER_PAGE
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


@pytest.mark.requirement("N13", "F26")
def test_coordinator_goes_from_what_waits_to_the_list_behind_it(running_study, desk: Page):
    # given a night of checks over the study, and no job that ever ran here
    found = check_rule(by=CHECKER, rule=RULES[RuleCode.TOO_CLOSE], now=timezone.now()).opened
    found += check_rule(by=CHECKER, rule=RULES[RuleCode.TWICE], now=timezone.now()).opened
    # when the coordinator signs in, then she reads what waits, and how much of it
    sign_in(desk, "administradora")
    expect(desk.get_by_role("heading", name="Lo que espera por usted")).to_be_visible()
    late = desk.locator(".need-card", has_text="tareas programadas están atrasadas")
    expect(late.locator(".need-number")).to_have_text(str(len(LONGEST_SILENCE)))
    assert_accessible(desk)
    # and each line leads to what it counts: as many jobs are late
    late.click()
    expect(desk.get_by_role("heading", name="¿Funciona todo?")).to_be_visible()
    expect(desk.locator("td .status-bad")).to_have_count(len(LONGEST_SILENCE))
    expect(desk.get_by_text("Nunca se informó de una copia de respaldo")).to_be_visible()
    assert_accessible(desk)
    # and as many doubtful records are listed, by a section that says where she is
    desk.get_by_role("link", name="Calidad", exact=True).click()
    expect(desk.get_by_role("heading", name="Por revisar")).to_be_visible()
    expect(desk.locator("tbody tr")).to_have_count(min(found, QUERIES_PER_PAGE))
    expect(desk.get_by_role("navigation", name="Avance").locator("[aria-current=page]")).to_have_text("Calidad")
    assert_accessible(desk)


@pytest.mark.requirement("N14", "N15")
def test_coordinator_opens_the_list_behind_a_box_and_reads_who_did_not_answer(running_study, desk: Page):
    # given the flow of a study in its tenth month
    sign_in(desk, "administradora")
    desk.goto("/resumen/flujo/")
    expect(desk.locator("svg.flow")).to_be_visible()
    assert_accessible(desk)
    # when she opens the list behind a number
    line = desk.locator("svg.flow a", has_text="Encuesta respondida").first
    number = int(line.locator("text").last.text_content() or "0")
    line.click()
    # then as many women are listed, by code
    expect(desk.locator("tbody tr")).to_have_count(number)
    assert_accessible(desk)
    desk.get_by_role("link", name="Volver al flujo").click()
    expect(desk.locator("svg.flow")).to_be_visible()
    # and she reads who did not answer, and why, arm by arm
    desk.goto("/resumen/olas/sin-respuesta/")
    expect(desk.get_by_role("heading", name="Por qué se perdieron encuestas, por grupo")).to_be_visible()
    assert_accessible(desk)


@pytest.mark.requirement("N25", "N15")
def test_board_looks_whether_the_trial_is_sound(running_study, desk: Page):
    # given somebody of the board whose record was never found broken
    sign_in(desk, "comite")
    expect(desk.get_by_role("heading", name="La semana en números")).to_be_visible()
    # when she goes through the pages of her section
    for name in ("Resumen", "Flujo", "Sin respuesta"):
        desk.get_by_role("navigation", name="Avance").get_by_role("link", name=name, exact=True).click()
        expect(desk.get_by_role("navigation", name="Avance").locator("[aria-current=page]")).to_have_text(name)
        # then nothing names an arm, and no woman is listed
        expect(desk.locator("svg.flow a")).to_have_count(0)
        expect(desk.get_by_role("heading", name="por grupo")).to_have_count(0)
        assert_accessible(desk)
