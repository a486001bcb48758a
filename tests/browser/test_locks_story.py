"""Data locked by two: proposed with what is open, signed with the password again, lifted with a reason."""

import pytest
from playwright.sync_api import Page, expect

from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.requirement("F33")]


def sign(page: Page, meaning: str) -> None:
    page.get_by_label(meaning).check()
    page.get_by_label("Su contraseña, otra vez").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Firmar", exact=True).click()


def test_two_people_lock_a_part_of_the_data(new_study, desk: Page):
    # given a coordinator before an empty list
    sign_in(desk, "administradora")
    desk.goto("/cierres/")
    expect(desk.get_by_text("Todavía no hay nada cerrado")).to_be_visible()
    assert_accessible(desk)
    # when she looks at what is open until yesterday, and proposes a lock
    desk.get_by_role("link", name="Proponer un cierre").click()
    desk.get_by_label("Todo hasta un día").check()
    desk.get_by_role("button", name="Ver qué queda abierto ahí").click()
    expect(desk.get_by_text("Ahí no queda nada abierto.")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("Por qué se cierran ahora estos datos").fill("Terminó el seguimiento.")
    desk.get_by_role("button", name="Proponer el cierre").click()
    # then it waits for two signatures, and hers needs her password
    expect(desk.get_by_text("Espera firmas")).to_be_visible()
    desk.get_by_label("He revisado estos datos").check()
    desk.get_by_label("Su contraseña, otra vez").fill("no es esta")
    desk.get_by_role("button", name="Firmar", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("Esta no es su contraseña")
    assert_accessible(desk)
    sign(desk, "He revisado estos datos")
    expect(desk.get_by_role("table").get_by_text("He revisado estos datos tal como están")).to_be_visible()
    sign_out(desk)
    # and once a researcher signs, too, it is locked, and has a paper
    sign_in(desk, "investigadora")
    desk.get_by_role("link", name="cierre de datos espera su firma").click()
    desk.get_by_role("rowheader").get_by_role("link").click()
    sign(desk, "Apruebo que se cierren estos datos")
    expect(desk.get_by_text("con dos firmas")).to_be_visible()
    assert_accessible(desk)
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Descargar el documento (PDF)").click()
    assert started.value.suggested_filename.startswith("cierre-")
    # and to lift it somebody else must sign as well
    desk.get_by_role("link", name="Levantar el cierre…").click()
    desk.get_by_label("Por qué se debe levantar el cierre").fill("Falta un archivo.")
    desk.get_by_label("Su contraseña, otra vez").fill(DEMO_PASSWORD)
    assert_accessible(desk)
    desk.get_by_role("button", name="Firmar y pedir").click()
    expect(desk.get_by_text("Falta un archivo.")).to_be_visible()
    assert_accessible(desk)
