"""A rule raises a case: whoever is on duty answers it late and closes it, and the board reads of it without whom."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from safety.models import SafetyCase, SafetyNotice
from safety.services import escalate_cases, set_duty
from safety.tasks import SWEEPER
from simulation.team import DEMO_PASSWORD
from tests.browser.conftest import TwoStations, sign_in, sign_out
from tests.factories import ParticipantFactory, UserFactory, VisitFactory
from tests.fixtures.browser import PHONE, assert_accessible, visitor
from visits.models import VisitLog
from visits.services import VisitAnswers, log_visit

pytestmark = pytest.mark.browser


def in_the_office(username: str, role: Role) -> User:
    user = UserFactory(username=username, display_name=username.capitalize(), role=role)
    user.set_password(DEMO_PASSWORD)
    user.save()
    return user


@pytest.fixture
def unsafe_visit(two_stations: TwoStations) -> SafetyCase:
    """A visit of yesterday at which there was a weapon, told to the safety officer on duty; nobody has answered."""
    now = timezone.now()
    safety, _board = in_the_office("seguridad", Role.SAFETY_OFFICER), in_the_office("comite", Role.ETHICS_BOARD)
    in_the_office("relevo", Role.SAFETY_OFFICER)
    today = timezone.localdate()
    set_duty(by=safety, officer=safety, starts_on=today - timedelta(days=2), ends_on=today, now=now)
    woman = ParticipantFactory(station=two_stations.by_risk)
    visit = VisitFactory(plan__participant=woman, planned_on=today - timedelta(days=1))
    happened = now - timedelta(hours=25)
    log_visit(
        by=User.objects.get(username="oficial"), visit=visit, log_id=uuid4(), outcome=VisitLog.Outcome.UNSAFE,
        occurred_at=happened, answers=VisitAnswers(reason="weapon"), now=happened,
    )  # fmt: skip
    return SafetyCase.objects.get(participant=woman)


def judge_twice(desk: Page) -> None:
    desk.get_by_role("link", name="Anotar un evento adverso").click()
    assert_accessible(desk)
    desk.get_by_label("Hospitalización").check()
    desk.get_by_label("¿Qué día fue?").fill(timezone.localdate().isoformat())
    desk.get_by_label("Posiblemente relacionado").check()
    desk.get_by_role("button", name="Anotarlo").click()
    desk.get_by_role("link", name="Evaluarlo de nuevo").click()
    assert_accessible(desk)
    desk.get_by_label("Sin relación").check()
    desk.get_by_role("button", name="Anotarlo").click()
    expect(desk.get_by_role("main")).to_contain_text("Evaluado de nuevo después")


def the_board_reads_both(desk: Page, case: SafetyCase) -> None:
    # and the board reads both judgements, with neither code nor station nor arm
    sign_in(desk, "comite")
    desk.goto("/eventos/")
    main = desk.get_by_role("main")
    expect(main.get_by_role("row").filter(has_text="Hospitalización")).to_have_count(2)
    expect(main).to_contain_text(re.compile("Evaluado de nuevo como"))
    for hidden in (case.participant.study_code, case.station.name, "Estación", "risk_scale", "hermana"):
        expect(main).not_to_contain_text(hidden)
    assert_accessible(desk)
    desk.get_by_role("button", name="He leído los nuevos").click()
    expect(desk.get_by_role("button", name="He leído los nuevos")).to_have_count(0)


@pytest.mark.requirement("F42", "N22", "N25")
def test_a_case_goes_from_the_rule_to_the_board(unsafe_visit: SafetyCase, desk: Page):
    code = unsafe_visit.participant.study_code
    # given that its clock has run out, and everybody in charge is to be told
    escalate_cases(by=SWEEPER, now=timezone.now())
    assert set(SafetyNotice.objects.values_list("audience", flat=True)) == {"safety", "administrators"}
    # when whoever is on duty opens her list
    sign_in(desk, "seguridad")
    desk.goto("/avisos/")
    expect(desk.get_by_role("main")).to_contain_text("vencido hace 1 h")
    assert_accessible(desk)
    desk.get_by_role("link", name=re.compile(code)).click()
    expect(desk.get_by_role("heading", name=code)).to_be_visible()
    assert_accessible(desk)
    # and writes what she did
    desk.get_by_label("Se habló con ella").check()
    desk.get_by_label("Nota (se guarda sellada)").fill("Está con su hermana")
    desk.get_by_role("button", name="Guardar lo que se hizo").click()
    expect(desk.get_by_role("main")).to_contain_text("respondido tarde")
    expect(desk.get_by_role("main")).to_contain_text("Está con su hermana")
    # and hands it over to a colleague, judges what came of it, and closes it
    desk.get_by_role("link", name="Entregarlo").click()
    assert_accessible(desk)
    desk.get_by_label("A quién").select_option(label="Relevo")
    desk.get_by_role("button", name="Entregarlo").click()
    expect(desk.get_by_role("main")).to_contain_text("Entregado: Relevo")
    judge_twice(desk)
    desk.get_by_role("link", name="Cerrar el aviso").click()
    assert_accessible(desk)
    desk.get_by_label("Está a salvo por ahora").check()
    desk.get_by_role("button", name="Cerrar el aviso").click()
    # then it stands last on the list, closed
    expect(desk.get_by_role("main")).to_contain_text("Cerrado")
    sign_out(desk)
    the_board_reads_both(desk, unsafe_visit)


@pytest.mark.requirement("N30")
def test_whoever_was_there_is_offered_a_moment_that_only_she_reads(
    unsafe_visit: SafetyCase, chromium: Browser, web_server: str
):
    with visitor(chromium, web_server, viewport=PHONE, is_mobile=True, has_touch=True) as phone:
        # given an officer who went to a visit where it was not safe, when she opens the page for herself
        sign_in(phone, "oficial")
        phone.goto("/para-ti/")
        expect(phone.get_by_role("link", name="Llamar al 113")).to_be_visible()
        assert_accessible(phone)
        # and answers how she is
        phone.get_by_role("link", name=re.compile("¿Cómo está?")).click()
        assert_accessible(phone)
        phone.get_by_label("Me da vueltas en la cabeza").check()
        phone.get_by_role("button", name="Guardar").click()
        # then it stands there for her
        expect(phone.get_by_role("main")).to_contain_text("Me da vueltas en la cabeza o duermo mal")
        expect(phone.get_by_role("link", name=re.compile("¿Cómo está?"))).to_have_count(0)
        # and her supervisor finds nothing of it
        sign_out(phone)
        sign_in(phone, "supervisora")
        phone.goto("/carga/")
        expect(phone.get_by_role("main")).to_contain_text("Nadie por ahora")
        assert_accessible(phone)
