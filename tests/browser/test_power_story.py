"""The statistician's story: what the trial as planned could show, and what it never will."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


def test_statistician_sees_that_two_arms_show_only_large_differences(new_study, desk: Page):
    # given the statistician and the trial as the protocol plans it
    sign_in(desk, "estadistica")
    desk.get_by_role("link", name="Preparación").click()
    desk.get_by_role("link", name="Potencia").click()
    expect(desk.locator(".figure-value")).to_have_text(["13.1", "20.5", "26.3"])
    assert_accessible(desk)
    # when she supposes that women of one station are more alike, and writes one number wrongly
    desk.get_by_label("Parecido dentro de una estación (CCI)").fill("0,05")
    desk.get_by_label("Mujeres perdidas al final, %").fill("un quinto")
    desk.get_by_role("button", name="Calcular").click()
    # then she is told what was expected, and finds what she typed
    expect(desk.get_by_role("alert")).to_contain_text("se esperaba un número de 0 a 90 y dice 'un quinto'")
    expect(desk.get_by_label("Parecido dentro de una estación (CCI)")).to_have_value("0,05")
    assert_accessible(desk)
    # and once mended, the page says what two arms cannot show, with the picture's numbers one click away
    desk.get_by_label("Mujeres perdidas al final, %").fill("20")
    desk.get_by_role("button", name="Calcular").click()
    expect(desk.get_by_text("solo diferencias mayores que 29.5 puntos")).to_be_visible()
    expect(desk.get_by_role("img", name="un factor en conjunto muestra diferencias desde")).to_be_visible()
    desk.get_by_text("Los números de esta imagen").click()
    expect(desk.get_by_role("row", name="0.05 18.8 29.5")).to_be_visible()
    assert_accessible(desk)
