"""Those who watch the trial: the coordinator reads station by station, the board without one."""

from typing import Literal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.context_processors import sections_of
from accounts.roles import Role
from accounts.views import FIRST_PAGE
from monitoring.jobs import LONGEST_SILENCE
from monitoring.services import check_audit, count_dose
from monitoring.tasks import AUDITOR, COUNTER
from quality.services import count_people
from quality.tasks import CHECKER
from quality.views import QUERIES_PER_PAGE
from tests.architecture.doubtful import queries
from tests.browser.conftest import sign_in
from tests.fixtures.browser import DESK, PHONE, assert_accessible

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


@pytest.mark.requirement("F50")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_coordinator_reads_every_station_in_every_week(running_study, desk: Page, size):
    # given the coordinator, at a desk or with a telephone
    sign_in(desk, "administradora")
    desk.set_viewport_size(size)
    # when she goes from what came in to the stations by week
    desk.goto("/resumen/ingresos/")
    desk.get_by_role("link", name="Por estación y semana").click()
    # then a picture of each station says how far it is, and the table scrolls within itself beside its first column
    weeks = desk.get_by_role("region", name="Inscritas, semana por semana")
    expect(weeks.get_by_role("rowheader", name="Estación 01")).to_be_visible()
    expect(desk.get_by_role("img", name="Estación 01")).to_be_visible()
    weeks.evaluate("region => { region.scrollIntoView(); region.scrollLeft = region.scrollWidth }")
    expect(weeks.get_by_role("rowheader", name="Estación 01")).to_be_in_viewport()
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(desk)
    # and the same goes along as a file
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Descargar (CSV)").click()
    assert started.value.suggested_filename == "ingresos-por-estacion.csv"


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
    # given doubtful records of every station, and no job that ever ran here
    found = len(queries())
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


WATCHERS = {"administradora": Role.ADMINISTRATOR, "comite": Role.ETHICS_BOARD}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Beside what the navigation calls progress.
ALSO = {Role.ADMINISTRATOR: ("complaint_list", "checkpoint_list"), Role.ETHICS_BOARD: ("checkpoint_list",)}


def watching_pages(role: Role) -> list[str]:
    """Return the first page of a role and every page by which it watches the trial."""
    sections = [section for section in sections_of(role) if "trial_flow" in dict(section.pages)]
    names = [name for section in sections for name, _label in section.pages]
    return list(dict.fromkeys((FIRST_PAGE[role], *names, *ALSO.get(role, ()))))


@pytest.mark.requirement("N12", "N13", "N14", "N15", "N25")
@pytest.mark.timeout(1800)  # every page, in light and in dark
@pytest.mark.parametrize("username", WATCHERS)
def test_every_watching_page_of_a_role_can_be_read_by_anybody(running_study, desk: Page, username: str):
    # given a study in its tenth month in which everything was counted tonight
    now = timezone.now()
    count_dose(by=COUNTER, now=now)
    count_people(by=CHECKER, now=now)
    check_audit(by=AUDITOR, now=now)
    sign_in(desk, username)
    # when she goes through all that she may watch
    for name in watching_pages(WATCHERS[username]):
        desk.goto(reverse(name))
        expect(desk.get_by_role("heading", level=1)).to_be_visible()
        # then each page is accessible in light and in dark, and no wider than a phone
        for scheme in SCHEMES:
            # No fading from one to the other: half-way colours are read by nobody.
            desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert_accessible(desk)
        desk.set_viewport_size(PHONE)
        expect(desk.get_by_role("heading", level=1)).to_be_visible()
        wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
        desk.set_viewport_size(DESK)
