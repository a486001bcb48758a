"""The coordinator finds an interviewer's telephone that does not send, and chooses what is written to her."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible
from visits.services import DeviceState, hear_of_device, register_device

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F23", "F55")
def test_coordinator_finds_the_telephone_that_does_not_send(new_study, desk: Page):
    # given an interviewer whose telephone said that two things have waited on it since the day before yesterday
    now, interviewer = timezone.now(), User.objects.get(username="encuestadora")
    telephone = register_device(by=interviewer, device_id=uuid4(), now=now)
    state = DeviceState(unsent_count=2, oldest_unsent_at=now - timedelta(hours=49))
    hear_of_device(by=interviewer, device_id=telephone.pk, state=state, now=now)
    # when the coordinator opens her first page
    sign_in(desk, "administradora")
    # then a line leads her to that telephone
    desk.get_by_role("link", name="teléfono lleva más de un día sin enviar").click()
    expect(desk.get_by_role("heading", name="Teléfonos")).to_be_visible()
    expect(desk.get_by_text("2 esperan; el más antiguo, desde hace 2 d")).to_be_visible()
    assert_accessible(desk)
    # and beside her address she says that she wants no mornings
    desk.goto("/correo/")
    mornings = desk.get_by_label("Escribir por la mañana lo que espera")
    expect(mornings).to_be_checked()
    assert_accessible(desk)
    mornings.uncheck()
    desk.get_by_role("button", name="Guardar").click()
    expect(desk.get_by_text("Guardado.")).to_be_visible()
    desk.goto("/correo/")
    expect(mornings).not_to_be_checked()
