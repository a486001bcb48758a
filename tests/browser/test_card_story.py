"""The closed card's story: opened for an hour with a reason, seen by the safety officer, and kept on her list."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import create_user
from participants.models import EmergencyOpening, Participant
from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import TwoStations, sign_in, sign_out
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.worker]

HOUR = timedelta(hours=1)
WHY = "Su vecina llamó: oye gritos en la casa."


@pytest.fixture
def woman(two_stations: TwoStations) -> Participant:
    """A woman without a visit near, and a safety officer beside her station's officer."""
    create_user(
        by=SystemActor("test", frozenset({Permission.MANAGE_OFFICERS})),
        username="seguridad",
        display_name="Sofía",
        role=Role.SAFETY_OFFICER,
        password=DEMO_PASSWORD,
    )
    return ParticipantFactory(station=two_stations.by_risk)


@pytest.mark.requirement("F35", "N27")
def test_a_closed_card_is_opened_for_an_hour_and_looked_into(woman: Participant, phone: Page):
    # given the officer of a woman without a visit near
    sign_in(phone, "oficial")
    # when she asks for the card, then it stays closed, and opens with a sentence, for an hour
    ask_for_the_card(phone, woman)
    open_as_an_emergency(phone)
    let_the_hour_pass(phone)
    sign_out(phone)
    # when the safety officer looks, then she reads who and why, and says what came of it
    sign_in(phone, "seguridad")
    look_into_it(phone, woman)
    # then her list tells the refusals, the emergency and the opening, with the verdict
    assert list_of(phone, woman) == [
        ("refused", False),
        ("opened", True),
        ("emergency", True),
        ("refused", False),
    ]
    assert_accessible(phone)


def ask_for_the_card(phone: Page, woman: Participant) -> None:
    main = phone.get_by_role("main")
    phone.goto(f"/personas/{woman.study_code}/contacto/")
    expect(main).to_contain_text("Esta ficha se abre cerca del día de una visita")
    expect(main).not_to_contain_text("Rosa Quispe")
    assert_accessible(phone)
    main.get_by_role("link", name="Abrir por urgencia").click()


def open_as_an_emergency(phone: Page) -> None:
    main, why = phone.get_by_role("main"), phone.get_by_label(re.compile("necesita esta ficha"))
    phone.get_by_label("Puede estar en peligro ahora").check()
    # a word is not enough, and is kept
    why.fill("urgente")
    main.get_by_role("button", name="Abrir la ficha").click()
    expect(why).to_have_value("urgente")
    assert_accessible(phone)
    why.fill(WHY)
    main.get_by_role("button", name="Abrir la ficha").click()
    expect(main).to_contain_text("Rosa Quispe")
    assert_accessible(phone)


def let_the_hour_pass(phone: Page) -> None:
    opening = EmergencyOpening.objects.get()
    assert opening.expires_at - opening.opened_at == HOUR
    EmergencyOpening.objects.update(opened_at=opening.opened_at - 2 * HOUR, expires_at=opening.expires_at - 2 * HOUR)
    phone.reload()
    expect(phone.get_by_role("main")).not_to_contain_text("Rosa Quispe")


def look_into_it(phone: Page, woman: Participant) -> None:
    main = phone.get_by_role("main")
    phone.goto("/accesos/")
    assert_accessible(phone)
    main.get_by_role("link", name=re.compile(rf"{woman.study_code}: Ficha abierta")).click()
    expect(main).to_contain_text(WHY)
    assert_accessible(phone)
    phone.get_by_label("Se siguió con la estación").check()
    main.get_by_role("button", name="Guardar").click()
    expect(main).to_contain_text("Se siguió")


def list_of(phone: Page, woman: Participant) -> list[tuple[str, bool]]:
    """Find her list by her code; return what was done, the newest first, and whether the verdict stands beside it."""
    main = phone.get_by_role("main")
    main.get_by_role("link", name="Quién miró").click()
    phone.get_by_label("Código").fill(woman.study_code.lower())
    main.get_by_role("button", name="Quién miró").click()
    rows = main.locator("tbody tr")
    expect(rows).to_have_count(4)
    told = [rows.nth(row).inner_text() for row in range(4)]
    kinds = {"quedó cerrada": "refused", "Abrió su ficha": "opened", WHY: "emergency"}
    return [(next(kind for words, kind in kinds.items() if words in row), "Se siguió" in row) for row in told]
