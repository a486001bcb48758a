"""The story of the plan and the names: locked by two, asked for and approved by two, and then the groups have names."""

import pytest
from playwright.sync_api import Page, expect

from panel.models import PlanVersion
from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible
from tests.panel.test_analysis_plan import FILE

pytestmark = pytest.mark.browser


def bring_a_plan(page: Page) -> None:
    page.goto("/datos/plan/")
    expect(page.get_by_text("Aún no hay plan")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Traer un plan").click()
    page.get_by_label("Plan (.toml)").set_input_files(
        {
            "name": "plan.toml",
            "mimeType": "text/plain",
            "buffer": FILE.read_bytes().replace(b"alpha = 0.05", b"alpha = 7"),
        }
    )
    page.get_by_role("button", name="Revisar y guardar").click()
    expect(page.get_by_text("plan.toml: alpha: se esperaba un número menor que 0.5, se encontró 7")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Plan (.toml)").set_input_files(FILE)
    page.get_by_role("button", name="Revisar y guardar").click()
    expect(page.get_by_role("heading", name="Plan, versión 1")).to_be_visible()


def lock_it(page: Page) -> None:
    page.goto("/datos/plan/")
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("link", name="Cerrarlo…").click()
    page.get_by_label("Leí el plan tal como está").check()
    page.get_by_label("Sé que nadie puede cambiarlo").check()
    assert_accessible(page)
    page.get_by_role("button", name="Cerrar el plan").click()
    expect(page.get_by_text("El plan está cerrado. Ya nadie puede cambiarlo.")).to_be_visible()
    assert_accessible(page)


def ask_for_the_names(page: Page) -> None:
    sign_in(page, "estadistica")
    page.goto("/datos/grupos/")
    page.get_by_label("Por qué se deben nombrar los grupos").fill("Informe final")
    page.get_by_role("button", name="Pedir que se nombren los grupos").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    expect(page.get_by_label("Por qué se deben nombrar los grupos")).to_have_value("Informe final")
    assert_accessible(page)
    page.get_by_label("Por qué no puede esperar").fill("El comité detuvo el estudio")
    page.get_by_role("button", name="Pedir que se nombren los grupos").click()
    page.get_by_text("Anularlo…").click()
    expect(page.get_by_role("button", name="Anularlo")).to_be_visible()
    expect(page.get_by_label("Cómo empieza el hash del plan cerrado")).to_have_count(0)
    sign_out(page)


def approve(page: Page) -> None:
    sign_in(page, "administradora")
    page.goto("/datos/grupos/")
    page.get_by_label("Cómo empieza el hash del plan cerrado").fill(PlanVersion.objects.get().hash_to_type)
    page.get_by_label("Sé que esto nunca se puede deshacer.").check()
    assert_accessible(page)
    page.get_by_role("button", name="Aprobar: nombrar los grupos").click()


@pytest.mark.requirement("F46", "F37")
def test_two_people_lock_the_plan_and_two_name_the_groups(running_study, desk: Page):
    # given the statistician, who brings a plan, first with a slip in it
    sign_in(desk, "estadistica")
    bring_a_plan(desk)
    assert_accessible(desk)
    # when she proposes it
    desk.get_by_role("button", name="Proponer esta versión").click()
    expect(desk.get_by_text("Propuesto. Lo cierra otra persona.")).to_be_visible()
    expect(desk.get_by_role("link", name="Cerrarlo…")).to_have_count(0)
    sign_out(desk)
    # then somebody else locks it
    sign_in(desk, "administradora")
    lock_it(desk)
    sign_out(desk)
    # given a researcher who reads numbers in the place of names
    sign_in(desk, "investigadora")
    desk.goto("/datos/grupos/")
    expect(desk.get_by_text("Hasta este acto los grupos llevan números.")).to_be_visible()
    expect(desk.get_by_role("button", name="Pedir que se nombren los grupos")).to_have_count(0)
    assert_accessible(desk)
    sign_out(desk)
    # when the statistician asks for the names, although surveys are still to come
    ask_for_the_names(desk)
    # and the administrator approves under the plan whose hash she looked up
    approve(desk)
    # then the groups have their names, for her and for the researcher
    expect(desk.get_by_role("heading", name="Cuál grupo es cuál")).to_be_visible()
    assert_accessible(desk)
    sign_out(desk)
    sign_in(desk, "investigadora")
    desk.goto("/datos/grupos/")
    expect(desk.get_by_role("heading", name="Cuál grupo es cuál")).to_be_visible()
    expect(desk.get_by_role("link", name="Descargar los sorteos posibles por letra")).to_have_count(0)
    desk.goto("/datos/")
    expect(desk.get_by_text("training risk_scale training_x_risk_scale")).to_be_visible()
    assert_accessible(desk)
