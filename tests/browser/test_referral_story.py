"""A referral's story: offered at the door, agreed to by her, followed until somebody knows what came of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TwoStations, sign_in
from tests.factories import ParticipantFactory, SupportServiceFactory, VisitFactory
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F41")
def test_officer_offers_she_accepts_and_it_is_followed_until_answered(two_stations: TwoStations, phone: Page):
    # given a directory with two services, and a woman to be visited today
    SupportServiceFactory(name_es="Línea 100", purpose_es="Consejería", telephone="100")
    SupportServiceFactory(name_es="Centro Emergencia Mujer", purpose_es="Abogada y psicóloga", kind="centre")
    woman = ParticipantFactory(station=two_stations.by_risk)
    visit = VisitFactory(plan__participant=woman)
    sign_in(phone, "oficial")
    # when the officer looks where there is help
    phone.get_by_role("link", name="Ayuda", exact=True).click()
    # then each number can be dialled with a touch
    expect(phone.get_by_role("link", name="Línea 100")).to_have_attribute("href", "tel:100")
    assert_accessible(phone)
    # when she offers the centre from the page where the visit is logged
    phone.goto(f"/visitas/{visit.pk}/registro/")
    phone.get_by_role("link", name="Ofrecer un servicio").click()
    assert_accessible(phone)
    phone.get_by_label("Centro Emergencia Mujer").check()
    phone.get_by_role("button", name="Se lo ofrecí").click()
    # and the woman agrees that the centre gets her telephone
    expect(phone.get_by_role("heading", name="¿Qué dijo?")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Sí, acepta").check()
    phone.get_by_label("Su nombre de pila y un teléfono seguro").check()
    phone.get_by_label("Lo dijo de palabra").check()
    phone.get_by_role("button", name="Guardar").click()
    # then the officer may call the centre, and is not offered to write more than that
    expect(phone.get_by_label("Escribí al servicio")).to_have_count(0)
    phone.get_by_label("Llamé al servicio por ella").check()
    phone.get_by_role("button", name="Guardar").click()
    # and it stays on her list
    phone.get_by_role("link", name="Pendientes", exact=True).click()
    expect(phone.get_by_role("link", name=woman.study_code)).to_contain_text("Puesta en contacto")
    assert_accessible(phone)
    # until she writes what came of it
    phone.get_by_role("link", name=woman.study_code).click()
    phone.get_by_label("La están atendiendo").check()
    phone.get_by_role("button", name="Guardar").click()
    expect(phone.get_by_role("main")).to_contain_text("La están atendiendo")
    assert_accessible(phone)
    phone.get_by_role("link", name="Pendientes", exact=True).click()
    expect(phone.get_by_role("main")).to_contain_text("Nada pendiente")
    assert_accessible(phone)
