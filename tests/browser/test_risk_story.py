"""The sheet's story: a level rises on the phone, and within seconds the planner follows where the study says so."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.models import Participant
from risk.models import Assessment
from tests.browser.conftest import TwoStations, sign_in
from tests.factories import AssessmentFactory, CurrentRiskFactory, ParticipantFactory
from tests.fixtures.browser import assert_accessible
from visits.models import WeekPlan
from visits.services import plan_week
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

pytestmark = [pytest.mark.browser, pytest.mark.worker]

SECONDS = 1000


def coming_monday() -> date:
    return monday_of(timezone.localdate()) + WEEK


def women_planned_by_twos(stations: TwoStations) -> tuple[Participant, Participant]:
    """A woman at each station, low in risk, with two visits in the coming week."""
    women = ParticipantFactory(station=stations.by_risk), ParticipantFactory(station=stations.as_usual)
    for woman in women:
        CurrentRiskFactory(assessment=AssessmentFactory(participant=woman))
        plan_week(by=PLANNER, monday=coming_monday(), station_ids=[woman.station_id], now=timezone.now())
    return women


def fill_in_the_gravest_sheet(page: Page, woman: Participant) -> None:
    page.goto(f"/personas/{woman.study_code}/ficha/")
    for yes in page.locator("input[type=radio][value=si]").all():
        if yes.is_visible() and yes.is_enabled():
            yes.check()
    assert_accessible(page)
    page.get_by_role("button", name="Guardar la ficha").click()


def targets(woman: Participant) -> list[tuple[int, str]]:
    plans = WeekPlan.objects.filter(participant=woman, monday=coming_monday()).order_by("revision")
    return list(plans.values_list("target", "reason"))


@pytest.mark.requirement("F12", "N1")
def test_level_that_rises_brings_more_visits_only_where_it_decides(
    two_stations: TwoStations, celery_worker_process, phone: Page
):
    # given a woman at each station, low in risk, with two visits in the coming week
    by_risk, as_usual = women_planned_by_twos(two_stations)
    # when both officers fill in the sheet with a yes throughout
    for officer, woman in (("oficial", by_risk), ("vecina", as_usual)):
        phone.context.clear_cookies()
        sign_in(phone, officer)
        fill_in_the_gravest_sheet(phone, woman)
        # then they read the same: the level, what happens next, and no word of an arm
        expect(phone.get_by_role("main")).to_contain_text("Severo 2")
        expect(phone.get_by_role("main")).to_contain_text("Qué sigue")
        assert_accessible(phone)
    # and within seconds seven visits stand where the level decides
    phone.context.clear_cookies()
    sign_in(phone, "oficial")
    expect_visits_on(phone, coming_monday(), woman=by_risk)
    assert targets(by_risk) == [(2, "weekly"), (7, "level_changed")]
    # and two, as before, where it does not
    assert targets(as_usual) == [(2, "weekly")]


def expect_visits_on(page: Page, monday: date, *, woman: Participant) -> None:
    """A visit on each of the seven days; the first may still be on its way."""
    for weekday in range(7):
        day = date.fromordinal(monday.toordinal() + weekday)
        page.goto(f"/visitas/?dia={day.isoformat()}")
        for _second in range(120):
            if page.get_by_role("link", name=woman.study_code).count():
                break
            page.wait_for_timeout(SECONDS)
            page.reload()
        expect(page.get_by_role("link", name=woman.study_code)).to_be_visible()


def test_a_sheet_with_one_answer_is_incomplete_and_not_low_risk(two_stations: TwoStations, phone: Page):
    # given a woman whom nobody has assessed
    woman = ParticipantFactory(station=two_stations.by_risk)
    sign_in(phone, "oficial")
    # when the sheet is saved with nothing on it
    phone.goto(f"/personas/{woman.study_code}/ficha/")
    phone.get_by_role("button", name="Guardar la ficha").click()
    # then she is asked for an answer
    expect(phone.get_by_role("alert").first).to_contain_text("No hay ninguna respuesta")
    # and with one answer the page says that it is incomplete, and gives no level
    phone.locator("[name=item_1][value=no]").check()
    phone.get_by_role("button", name="Guardar la ficha").click()
    expect(phone.get_by_role("alert").first).to_contain_text("Incompleta")
    expect(phone.locator(".level").first).to_have_class("level level-none")
    assert_accessible(phone)


@pytest.mark.requirement("F12", "N23")
def test_a_level_falls_by_a_supervisors_word_and_the_plan_follows(
    two_stations: TwoStations, celery_worker_process, phone: Page
):
    # given a woman at the gravest level, visited every day where the level decides
    woman = ParticipantFactory(station=two_stations.by_risk)
    gravest = AssessmentFactory(participant=woman, level="severo_2", computed_level="severo_2", level_rank=3)
    CurrentRiskFactory(assessment=gravest)
    plan_week(by=PLANNER, monday=coming_monday(), station_ids=[woman.station_id], now=timezone.now())
    assert targets(woman) == [(7, "weekly")]
    # when an officer fills in a sheet with a no throughout
    sign_in(phone, "oficial")
    phone.goto(f"/personas/{woman.study_code}/ficha/")
    for no in phone.locator("input[type=radio][value=no]").all():
        if no.is_visible() and no.is_enabled():
            no.check()
    phone.get_by_role("button", name="Guardar la ficha").click()
    # then the level stays, and the page says who decides
    expect(phone.get_by_role("status").first).to_contain_text("hasta que decida una supervisora")
    assert_accessible(phone)
    # when the supervisor opens what waits and lowers it with a reason
    phone.context.clear_cookies()
    sign_in(phone, "supervisora")
    phone.goto("/niveles/")
    assert_accessible(phone)
    phone.get_by_role("link", name=woman.study_code).click()
    assert_accessible(phone)
    phone.get_by_label("Hay medidas de protección y se cumplen").check()
    phone.get_by_role("button", name="Guardar la decisión").click()
    # then the level has fallen, the picture says so, and within seconds the plan has two visits
    expect(phone.get_by_role("main")).to_contain_text("Bajó desde el")
    assert_accessible(phone)
    for _second in range(120):
        if len(targets(woman)) > 1:
            break
        phone.wait_for_timeout(SECONDS)
    assert targets(woman) == [(7, "weekly"), (2, "level_changed")]
    # and the ledger tells whose word it was
    phone.goto("/cambios/")
    expect(phone.get_by_role("main")).to_contain_text("Hay medidas de protección y se cumplen")
    assert_accessible(phone)


def test_answers_are_tried_out_without_keeping_any(two_stations: TwoStations, phone: Page):
    # given a supervisor who wants to understand the sheet
    sign_in(phone, "supervisora")
    phone.goto("/reglas/")
    phone.get_by_role("link", name="FVR_PAREJA").click()
    assert_accessible(phone)
    # when she tries one answer
    phone.get_by_role("link", name="Probar respuestas").click()
    phone.locator("[name=item_2][value=si]").check()
    phone.get_by_role("button", name="Ver qué resulta").click()
    # then she reads what it comes to, and why, and nothing was kept
    expect(phone.get_by_role("main")).to_contain_text("Por qué")
    expect(phone.get_by_role("main")).to_contain_text("Puntaje 5")
    assert_accessible(phone)
    assert not Assessment.objects.exists()
