"""A lost phone: reported by its officer, her session out, the women listed, the authority told, the incident closed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.roles import Role
from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import TwoStations, sign_in
from tests.factories import ParticipantFactory, UserFactory, VisitFactory
from tests.fixtures.browser import DESK, assert_accessible, visitor

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F23", "N19")
def test_officer_reports_her_phone_and_the_administrator_follows_it_to_its_end(
    two_stations: TwoStations, phone: Page, chromium: Browser, web_server: str
):
    # given an officer signed in on her phone, a woman to be visited today, and an administrator
    woman = ParticipantFactory(station=two_stations.by_risk)
    VisitFactory(plan__participant=woman, planned_on=timezone.localdate())
    administrator = UserFactory(username="administradora", role=Role.ADMINISTRATOR)
    administrator.set_password(DEMO_PASSWORD)
    administrator.save()
    sign_in(phone, "oficial")
    with visitor(chromium, web_server, viewport=DESK) as desk:
        # when she reports it lost from another device
        sign_in(desk, "oficial")
        desk.get_by_role("link", name="Datos personales", exact=True).click()
        assert_accessible(desk)
        desk.get_by_role("link", name="Teléfono perdido").click()
        assert_accessible(desk)
        desk.get_by_label("El teléfono se perdió o lo robaron").check()
        desk.get_by_role("button", name="Avisar que se perdió").click()
        expect(desk.get_by_role("heading", name="El teléfono quedó bloqueado")).to_be_visible()
        assert_accessible(desk)
        # then whoever holds the phone is out at the next tap
        phone.goto("/visitas/")
        expect(phone).to_have_url(re.compile("/entrar/"))
        # and the administrator finds the incident with the women whose cards it may hold
        sign_in(desk, "administradora")
        desk.get_by_role("link", name="Datos", exact=True).click()
        desk.get_by_role("link", name="Datos personales", exact=True).click()
        desk.get_by_role("link", name="Incidentes").click()
        assert_accessible(desk)
        desk.get_by_role("link", name=re.compile("^I-")).click()
        expect(desk.get_by_role("main")).to_contain_text(woman.study_code)
        expect(desk.get_by_role("main")).to_contain_text("quedan 47 horas")
        assert_accessible(desk)
        # when she writes that the authority was told, and that this woman must not be told now
        desk.get_by_label("Número del expediente").fill("2026-00123")
        desk.get_by_role("button", name="Se avisó a la autoridad").click()
        expect(desk.get_by_role("main")).to_contain_text("2026-00123")
        desk.get_by_role("link", name=woman.study_code).click()
        assert_accessible(desk)
        desk.get_by_label("Avisarle ahora la pondría en peligro").check()
        desk.get_by_role("button", name="Guardar").click()
        # then she can close it
        desk.goto("/datos-personales/incidentes/")
        desk.get_by_role("link", name=re.compile("^I-")).click()
        desk.get_by_label("Qué resultó").select_option("not_found")
        desk.get_by_role("button", name="Cerrar", exact=True).click()
        expect(desk.get_by_role("main")).to_contain_text("Cerrado")
        assert_accessible(desk)
