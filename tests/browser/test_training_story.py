"""The administrator's story of a session: planned, held, who is missing, the session to catch up, the certificate."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import create_user
from simulation.team import DEMO_PASSWORD
from stations.models import Officer
from tests.browser.conftest import sign_in
from tests.factories import OfficerFactory, ProtocolVersionFactory, StationFactory, lock_allocation
from tests.fixtures.browser import assert_accessible
from tests.fixtures.databases import CommittedStudy

pytestmark = pytest.mark.browser


@pytest.fixture
def officers(committed_study: CommittedStudy) -> list[Officer]:
    """Two officers of a station whose arm has training; another station has none."""
    ProtocolVersionFactory()
    trained, untrained = StationFactory(), StationFactory()
    lock_allocation({trained: "training", untrained: "control"})
    create_user(
        by=SystemActor("test", frozenset({Permission.MANAGE_OFFICERS})),
        username="administradora",
        display_name="Administradora",
        role=Role.ADMINISTRATOR,
        password=DEMO_PASSWORD,
    )
    return [OfficerFactory(posted_at=trained) for _n in range(2)]


def plan_both_modules(desk: Page) -> None:
    desk.get_by_role("link", name="Planificar una sesión").first.click()
    stations = desk.get_by_role("combobox", name="Estación")
    stations.select_option(stations.locator("optgroup").first.locator("option").first.inner_text())
    desk.get_by_label("1. Roles de género").check()
    desk.get_by_label("2. Causas").check()
    desk.get_by_label("Día").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    desk.get_by_label("Empieza a las").fill("09:00")
    desk.get_by_label("Lugar").fill("Auditorio")
    desk.get_by_label("Capacitadores").fill("Equipo A")
    assert_accessible(desk)
    desk.get_by_role("button", name="Planificar la sesión").click()


def write_down_who_came(desk: Page, *, came: str, missed: str) -> None:
    desk.get_by_role("link", name="Quiénes asistieron al módulo 1").click()
    desk.get_by_role("link", name="todos asistieron").click()
    desk.get_by_label(f"{missed}: asistió o faltó").select_option("Faltó: De servicio")
    desk.get_by_label(f"{came}: minutos de tardanza").fill("10")
    desk.get_by_label(f"{came}: puntaje antes").fill("bcda------")
    desk.get_by_label(f"{came}: puntaje después").fill("80")
    assert_accessible(desk)
    desk.get_by_role("button", name="Guardar").click()
    desk.get_by_role("link", name="Quiénes asistieron al módulo 2").click()
    desk.get_by_role("link", name="como en el módulo 1").click()
    expect(desk.get_by_label(f"{missed}: asistió o faltó")).to_have_value("absent:on_duty")
    desk.get_by_role("button", name="Guardar").click()


@pytest.mark.requirement("F52")
def test_administrator_holds_a_session_and_lets_the_missing_catch_up(officers, desk: Page):
    came, missed = (officer.code for officer in officers)
    # given a station with two officers; when she plans a session of both modules
    sign_in(desk, "administradora")
    desk.goto("/sesiones/")
    assert_accessible(desk)
    plan_both_modules(desk)
    expect(desk.get_by_role("status")).to_contain_text("La sesión quedó planificada.")
    # and writes down that one came, late, with her answers before and her score after, and one was on duty
    write_down_who_came(desk, came=came, missed=missed)
    # then the roster says so
    row = desk.get_by_role("row", name=came)
    expect(row).to_contain_text("10 min tarde")
    expect(row).to_contain_text("40 → 80")
    assert_accessible(desk)
    # and she can hand out the certificates
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Todas las constancias (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    # when she looks at the coverage, then one of two is missing
    desk.get_by_role("link", name="Cobertura").click()
    expect(desk.get_by_role("cell", name="1 de 2")).to_have_count(3)
    expect(desk.get_by_text(f"{missed} (1, 2)")).to_be_visible()
    assert_accessible(desk)
    # and the session to catch up is filled in but for its day
    desk.get_by_role("link", name="Planificar recuperación").click()
    expect(desk.get_by_label("Recuperación, para quienes no llevaron algún módulo")).to_be_checked()
    desk.get_by_label("Día").fill(timezone.localdate().isoformat())
    desk.get_by_role("button", name="Planificar la sesión").click()
    expect(desk.get_by_role("row", name=missed)).to_be_visible()
    expect(desk.get_by_role("row", name=came)).to_have_count(0)
    # when she catches up, then nobody is missing
    for module in (1, 2):
        desk.get_by_role("link", name=f"Quiénes asistieron al módulo {module}").click()
        desk.get_by_label(f"{missed}: asistió o faltó").select_option("Asistió")
        desk.get_by_role("button", name="Guardar").click()
    desk.get_by_role("link", name="Cobertura").click()
    expect(desk.get_by_role("cell", name="2 de 2")).to_have_count(3)
    expect(desk.get_by_role("link", name="Planificar recuperación")).to_have_count(0)
    assert_accessible(desk)
