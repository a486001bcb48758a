"""The administrator's story of an officer: registered, given an account, transferred across arms."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from stations.models import Officer
from stations.queries import study_stations
from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F34")
def test_officer_sees_her_station_and_loses_it_with_the_transfer(running_study, desk: Page):
    # given a station as usual and one by risk, and the administrator
    drawn = study_stations().select_related("station__district")
    usual, risk = (drawn.filter(arm=arm).first().station for arm in ("control", "risk_scale"))
    sign_in(desk, "administradora")
    desk.goto("/equipo/")
    assert_accessible(desk)
    # when she registers an officer and makes her an account
    desk.get_by_role("link", name="Registrar a una agente").click()
    desk.get_by_label("Código").fill("OF99999")
    desk.get_by_label("Mujer").select_option("True")
    desk.get_by_label("Estación").select_option(str(usual.pk))
    desk.get_by_label("Sirve allí desde").fill((timezone.localdate() - timedelta(days=31)).isoformat())
    assert_accessible(desk)
    desk.get_by_role("button", name="Registrar").click()
    desk.get_by_label("Nombre de usuario").fill("nueva")
    desk.get_by_label("Nombre que ella verá").fill("Agente nueva")
    assert_accessible(desk)
    desk.get_by_role("button", name="Crear la cuenta").click()
    # then the password is shown this once
    expect(desk.get_by_text("se muestra solo esta vez")).to_be_visible()
    password = desk.locator("dd code").last.inner_text()
    assert_accessible(desk)
    # when she transfers her to a station of another arm
    officer = Officer.objects.get(code="OF99999")
    desk.goto(f"/equipo/{officer.pk}/traslado/")
    desk.get_by_label("A la estación").select_option(str(risk.pk))
    desk.get_by_label("Primer día allí").fill(timezone.localdate().isoformat())
    desk.get_by_role("button", name="Mostrar qué pasa").click()
    # then the page says so before it is done, and the move is on record
    expect(desk.get_by_role("alert")).to_contain_text("contaminación")
    assert_accessible(desk)
    desk.get_by_role("button", name="Trasladarla").click()
    expect(desk.get_by_text("Se trasladó entre grupos")).to_be_visible()
    assert_accessible(desk)
    desk.goto("/equipo/cruces/")
    expect(desk.get_by_role("row", name="OF99999")).to_be_visible()
    assert_accessible(desk)
    # and she signs in and finds the visits of the new station alone
    sign_out(desk)
    desk.get_by_label("Usuario").fill("nueva")
    desk.get_by_label("Contraseña").fill(password)
    desk.get_by_role("main").get_by_role("button", name="Entrar").click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    assert officer.postings.get(ends_on=None).station == risk
