"""The officer's story: today's visits, the gravest first, one opened, logged and done; a neighbour sees none of it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from stations.models import Station
from tests.browser.conftest import TwoStations, sign_in
from tests.factories import (
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.fixtures.browser import assert_accessible, visitor
from visits.models import Visit, VisitLog
from visits.weeks import monday_of

pytestmark = pytest.mark.browser


def visit_today(station: Station, level: str, rank: int) -> Visit:
    woman, today = ParticipantFactory(station=station), timezone.localdate()
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman, level=level, level_rank=rank))
    plan = WeekPlanFactory(participant=woman, monday=monday_of(today))
    return VisitFactory(plan=plan, planned_on=today, grace_ends_at=timezone.now() + timedelta(days=2))


@pytest.mark.requirement("F34", "F38")
def test_officer_sees_the_gravest_first_and_logs_her_visit(two_stations: TwoStations, phone: Page):
    # given three visits today at her station and one at another
    light = visit_today(two_stations.by_risk, "leve", 0)
    grave = visit_today(two_stations.by_risk, "severo_2", 3)
    medium = visit_today(two_stations.by_risk, "moderado", 1)
    visit_today(two_stations.as_usual, "severo_2", 3)
    # when she signs in
    sign_in(phone, "oficial")
    # then she reads of her three, by risk, without a name
    expect(phone.get_by_role("heading", name="Hoy")).to_be_visible()
    codes = [visit.participant.study_code for visit in (grave, medium, light)]
    expect(phone.locator(".item-title")).to_have_text(codes)
    expect(phone.get_by_text("Rosa Quispe")).to_have_count(0)
    assert_accessible(phone)
    # and when she opens the first, the card tells how to arrive safely
    phone.get_by_role("link", name=codes[0]).click()
    expect(phone.get_by_text("Rosa Quispe Huamán")).to_be_visible()
    expect(phone.get_by_text("Jr. Los Jilgueros 123")).to_be_visible()
    expect(phone).to_have_title("Visita · Agenda")
    assert_accessible(phone)
    # and when she logs it in three taps
    phone.get_by_role("link", name="Registrar la visita").click()
    assert_accessible(phone)
    phone.get_by_label("Hablé con ella").check()
    phone.get_by_role("button", name="Guardar la visita").first.click()
    # then it is done
    expect(phone.get_by_role("status")).to_contain_text("Visita guardada")
    expect(phone.locator(".item-card", has_text=codes[0])).to_contain_text("Realizada")
    assert_accessible(phone)
    log = VisitLog.objects.get()
    assert (log.visit_id, log.outcome, log.visit.status) == (grave.pk, "met", "done")


@pytest.mark.requirement("F34")
def test_officer_of_another_station_finds_nothing_at_its_address(two_stations: TwoStations, phone: Page):
    # given the address of a visit
    visit = visit_today(two_stations.by_risk, "severo_2", 3)
    # when an officer of another station opens it
    sign_in(phone, "vecina")
    answers = [phone.goto(f"/visitas/{visit.pk}/"), phone.goto(f"/visitas/{visit.pk}/registro/")]
    # then there is nothing, in words that give nothing away
    assert [answer.status for answer in answers] == [404, 404]
    expect(phone.get_by_role("heading", name="Aquí no hay nada")).to_be_visible()
    assert_accessible(phone)


def test_day_without_visits_says_so(two_stations: TwoStations, phone: Page):
    # given an officer with nothing planned
    sign_in(phone, "oficial")
    # then the page is not simply empty
    expect(phone.get_by_text("No hay visitas este día")).to_be_visible()
    assert_accessible(phone)


def test_log_of_tomorrow_is_refused_beside_its_field(two_stations: TwoStations, phone: Page):
    # given a visit today
    visit = visit_today(two_stations.by_risk, "leve", 0)
    sign_in(phone, "oficial")
    phone.goto(f"/visitas/{visit.pk}/registro/")
    # when she writes tomorrow's date
    tomorrow = timezone.localtime() + timedelta(days=1)
    phone.get_by_label("Hablé con ella").check()
    phone.get_by_label("Cuándo").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    phone.get_by_role("button", name="Guardar la visita").first.click()
    # then nothing is saved, what she wrote stays, and she reads why
    expect(phone.get_by_role("alert")).to_contain_text("Todavía no se guardó nada")
    expect(phone.locator(".invalid-feedback")).to_contain_text("no puede haber ocurrido en el futuro")
    expect(phone.get_by_label("Hablé con ella")).to_be_checked()
    assert_accessible(phone)
    assert VisitLog.objects.count() == 0


def test_day_takes_less_than_150_kb_on_an_empty_cache(two_stations: TwoStations, phone: Page):
    # given a phone that never saw these pages, and a full day
    for _woman in range(40):
        visit_today(two_stations.by_risk, "severo_2", 3)
    sign_in(phone, "oficial")
    cookies = phone.context.storage_state()
    with visitor(phone.context.browser, phone.url, storage_state=cookies) as fresh:
        received = []
        fresh.on("requestfinished", lambda request: received.append(request.sizes()))
        # when she opens her day
        fresh.goto("/visitas/", wait_until="networkidle")
        # then little was sent
        sent = sum(sizes["responseBodySize"] + sizes["responseHeadersSize"] for sizes in received)
        assert 20_000 < sent < 150_000
        assert_accessible(fresh)
