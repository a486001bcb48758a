"""Everybody's story: in by a name and a password, in Spanish or English, and out at once when somebody comes in."""

import pytest
from playwright.sync_api import Page, expect

from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F54")
def test_page_is_spanish_until_english_is_chosen(new_study, phone: Page):
    # given a phone that prefers no language of ours
    phone.goto("/entrar/")
    expect(phone.get_by_role("heading", name="Entrar")).to_be_visible()
    # when she chooses English and signs in
    phone.get_by_role("button", name="English").click()
    phone.get_by_label("User name").fill("encuestadora")
    phone.get_by_label("Password").fill(DEMO_PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    # then her pages are in English, until she wants it otherwise
    expect(phone.get_by_role("heading", name="What waits for you")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    assert_accessible(phone)
    phone.get_by_role("button", name="Español").click()
    expect(phone.get_by_role("heading", name="Lo que espera por usted")).to_be_visible()


def test_wrong_password_is_told_plainly(new_study, phone: Page):
    # given the page to sign in
    phone.goto("/entrar/")
    # when the password is not hers
    phone.get_by_label("Usuario").fill("encuestadora")
    phone.get_by_label("Contraseña").fill("otra-clave-larga-9")
    phone.get_by_role("button", name="Entrar").click()
    # then she reads why, and her name is still there
    expect(phone.get_by_role("alert")).to_contain_text("El usuario o la contraseña no son correctos")
    expect(phone.get_by_label("Usuario")).to_have_value("encuestadora")
    assert_accessible(phone)


@pytest.mark.requirement("F39")
@pytest.mark.parametrize("way", ["button", "three times Shift"])
def test_quick_exit_leaves_nothing_to_go_back_to(new_study, phone: Page, way):
    # given a page with data, and an outside world that answers
    phone.context.route("https://**", lambda route: route.fulfill(body="El tiempo", content_type="text/html"))
    sign_in(phone, "encuestadora")
    phone.goto("/conversaciones/")
    expect(phone.get_by_role("heading", name="Encuestas")).to_be_visible()
    assert_accessible(phone)
    # when somebody comes in
    if way == "button":
        phone.get_by_role("link", name="Salir rápido").click()
    else:
        for _press in range(3):
            phone.keyboard.press("Shift")
    # then a harmless page stands in its place, and going back does not lead to the data
    expect(phone.get_by_text("El tiempo")).to_be_visible()
    assert phone.url.startswith("https://www.senamhi.gob.pe")
    phone.go_back()
    expect(phone.get_by_role("heading", name="Encuestas")).not_to_be_visible()


@pytest.mark.requirement("N5")
def test_title_and_icon_say_nothing(new_study, phone: Page):
    # given anyone who looks at the tabs of the browser
    sign_in(phone, "encuestadora")
    phone.goto("/conversaciones/")
    # then she reads of an agenda, and of nothing else
    expect(phone).to_have_title("Encuestas · Agenda")
    expect(phone.locator("link[rel=icon]")).to_have_attribute("href", "/static/icons/agenda.svg")
    assert_accessible(phone)
