"""The closed card's story: opened for an hour with a reason, seen by the safety officer, and kept on her list."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import create_user
from participants.models import EmergencyOpening
from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import TwoStations, sign_in, sign_out
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.worker]

WHY = "Su vecina llamó: oye gritos en la casa."


@pytest.mark.requirement("F35", "N27")
def test_a_closed_card_is_opened_for_an_hour_and_looked_into(two_stations: TwoStations, phone: Page):
    # given a woman without a visit near, her officer, and the safety officer
    woman = ParticipantFactory(station=two_stations.by_risk)
    create_user(
        by=SystemActor("test", frozenset({Permission.MANAGE_OFFICERS})),
        username="seguridad",
        display_name="Sofía",
        role=Role.SAFETY_OFFICER,
        password=DEMO_PASSWORD,
    )
    main = phone.get_by_role("main")

    # when the officer asks for the card, then it stays closed and the emergency is offered
    sign_in(phone, "oficial")
    phone.goto(f"/personas/{woman.study_code}/contacto/")
    expect(main).to_contain_text("Esta ficha se abre cerca del día de una visita")
    expect(main).not_to_contain_text("Rosa Quispe")
    assert_accessible(phone)

    # when she says why in a word, then the form stays, with the word
    main.get_by_role("link", name="Abrir por urgencia").click()
    phone.get_by_label("Puede estar en peligro ahora").check()
    phone.get_by_label(re.compile("necesita esta ficha")).fill("urgente")
    main.get_by_role("button", name="Abrir la ficha").click()
    expect(phone.get_by_label(re.compile("necesita esta ficha"))).to_have_value("urgente")
    assert_accessible(phone)

    # when she says it in a sentence, then the card opens, for an hour
    phone.get_by_label(re.compile("necesita esta ficha")).fill(WHY)
    main.get_by_role("button", name="Abrir la ficha").click()
    expect(main).to_contain_text("Rosa Quispe")
    assert_accessible(phone)
    opening = EmergencyOpening.objects.get()
    assert (opening.expires_at - opening.opened_at).total_seconds() == 60 * 60

    # when the hour is over, then it is closed again
    EmergencyOpening.objects.update(opened_at="2026-01-01T00:00:00Z", expires_at="2026-01-01T01:00:00Z")
    phone.reload()
    expect(main).not_to_contain_text("Rosa Quispe")
    sign_out(phone)

    # when the safety officer looks, then she reads who and why, and says what came of it
    sign_in(phone, "seguridad")
    phone.goto("/accesos/")
    expect(main).to_contain_text(woman.study_code)
    assert_accessible(phone)
    main.get_by_role("link", name=re.compile(rf"{woman.study_code}: Ficha abierta")).click()
    expect(main).to_contain_text(WHY)
    assert_accessible(phone)
    phone.get_by_label("Se siguió con la estación").check()
    main.get_by_role("button", name="Guardar").click()
    expect(main).to_contain_text("Se siguió")

    # then her list tells the refusal, the emergency and the opening, with the verdict
    main.get_by_role("link", name="Quién miró").click()
    phone.get_by_label("Código").fill(woman.study_code.lower())
    main.get_by_role("button", name="Quién miró").click()
    rows = main.locator("tbody tr")
    expect(rows).to_have_count(4)
    told = [rows.nth(row).inner_text() for row in range(rows.count())]
    assert [("quedó cerrada" in row, "Abrió su ficha" in row, WHY in row) for row in told] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (True, False, False),
    ]
    assert ["Se siguió" in row for row in told] == [False, True, True, False]
    assert_accessible(phone)
