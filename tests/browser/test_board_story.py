"""The supervisor's story: her week by person and by officer, a visit moved by hand and by mouse, an officer away."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.models import Participant
from stations.models import Officer
from tests.browser.conftest import TwoStations, post_officer, sign_in
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from visits import services
from visits.models import Absence, Visit
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of, week_label

pytestmark = pytest.mark.browser


@pytest.fixture
def woman(two_stations: TwoStations) -> Participant:
    """A woman with two visits next week; three officers and a supervisor at her station."""
    post_officer("oficial2", two_stations.by_risk)
    post_officer("oficial3", two_stations.by_risk)
    woman, now = ParticipantFactory(station=two_stations.by_risk), timezone.now()
    for service in (services.plan_week, services.assign_week):
        service(by=PLANNER, monday=coming_monday(), station_ids=[two_stations.by_risk.pk], now=now)
    return woman


def coming_monday():
    return monday_of(timezone.localdate()) + WEEK


def free_day(woman: Participant):
    taken = set(woman.visits.values_list("planned_on", flat=True))
    return next(day for n in range(7) if (day := coming_monday() + timedelta(days=n)) not in taken)


def open_board(page: Page) -> None:
    sign_in(page, "supervisora")
    page.goto(f"/semana/?semana={week_label(coming_monday())}")


@pytest.mark.requirement("N1", "F12")
def test_supervisor_moves_a_visit_on_the_phone_by_a_plain_form(woman: Participant, phone: Page):
    # given a visit of next week
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)
    open_board(phone)
    assert_accessible(phone)
    # when she opens it and chooses another safe day
    phone.locator("a.board-visit").first.click()
    expect(phone.get_by_role("heading", name=woman.study_code)).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Nuevo día").fill(to.isoformat())
    phone.get_by_label("Conviene más").check()
    phone.get_by_role("button", name="Mover la visita").click()
    # then it is moved, and can be undone
    expect(phone.get_by_role("status")).to_contain_text("La visita se movió")
    assert Visit.objects.get(pk=visit.pk).planned_on == to
    phone.get_by_role("button", name="Deshacer").click()
    expect(phone.get_by_role("status")).to_contain_text("Deshecho")
    assert Visit.objects.get(pk=visit.pk).planned_on == visit.planned_on
    assert_accessible(phone)


def test_supervisor_drags_a_visit_to_another_day_at_the_desk(woman: Participant, desk: Page):
    # given the board of next week
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)
    open_board(desk)
    # when she drags the visit to a free day
    desk.locator("a.board-visit").first.drag_to(desk.locator(f"[data-board-day='{to.isoformat()}']"))
    # then that day stands in the form, and a reason moves it
    expect(desk.get_by_label("Nuevo día")).to_have_value(to.isoformat())
    desk.get_by_label("Ella lo pidió").first.check()
    desk.get_by_role("button", name="Mover la visita").click()
    expect(desk.get_by_role("status")).to_contain_text("La visita se movió")
    assert Visit.objects.get(pk=visit.pk).planned_on == to
    assert_accessible(desk)


def test_supervisor_shares_out_the_visits_of_an_officer_who_is_away(woman: Participant, desk: Page):
    # given the week by officer
    gone = woman.visits.earliest("planned_on").first_officer
    sign_in(desk, "supervisora")
    desk.goto(f"/semana/oficiales/?semana={week_label(coming_monday())}")
    expect(desk.get_by_role("rowheader", name=gone.code)).to_be_visible()
    assert_accessible(desk)
    # when she marks her away from next Monday
    desk.get_by_role("link", name="¿Alguien está ausente?").click()
    assert_accessible(desk)
    desk.get_by_role("row", name=gone.code).get_by_role("link", name="Marcar ausente").click()
    desk.get_by_label("Primer día").fill(coming_monday().isoformat())
    desk.get_by_label("Licencia").check()
    desk.get_by_role("button", name="Mostrar qué pasa").click()
    # then she sees first what would change, and then it does
    expect(desk.get_by_text("Estas visitas cambian de manos")).to_be_visible()
    assert_accessible(desk)
    assert not Absence.objects.exists()
    desk.get_by_role("button", name="Marcar ausente y repartir").click()
    expect(desk.get_by_role("status")).to_contain_text("de manos")
    assert not Visit.objects.filter(first_officer=gone).exists()
    assert not Visit.objects.filter(status="planned", first_officer=None).exists()
    assert_accessible(desk)


def test_sheet_for_paper_and_the_morning_in_counts(woman: Participant, desk: Page):
    # given a day with a visit
    day = woman.visits.earliest("planned_on").planned_on
    services.make_digests(by=PLANNER, now=timezone.now())
    sign_in(desk, "supervisora")
    # when she opens the sheet, then it has codes and no names
    desk.goto(f"/semana/hoja/?dia={day.isoformat()}")
    expect(desk.get_by_role("rowheader", name=woman.study_code)).to_be_visible()
    expect(desk.get_by_text("Quispe")).to_have_count(0)
    assert_accessible(desk)
    # and the morning stands in numbers
    desk.goto("/semana/hoy/")
    expect(desk.get_by_text("Visitas de hoy")).to_be_visible()
    assert_accessible(desk)


@pytest.mark.requirement("N1", "F12")
def test_supervisor_drags_a_visit_to_another_officer_or_chooses_by_keyboard(woman: Participant, desk: Page):
    # given the week by officer, and an officer who does not go to the first visit
    post_officer("oficial4", woman.station)
    visit = woman.visits.earliest("planned_on")
    came = Officer.objects.filter(postings__station=woman.station, user__role="officer").exclude(
        pk__in=visit.officer_ids
    )[0]
    going, staying = visit.first_officer, visit.second_officer
    sign_in(desk, "supervisora")
    desk.goto(f"/semana/oficiales/?semana={week_label(coming_monday())}")
    # when she drags the visit from one row to the other
    there = f"[data-board-day='{visit.planned_on.isoformat()}']"
    row = desk.get_by_role("row", name=going.code)
    row.locator(f"{there} a.board-visit").first.drag_to(desk.get_by_role("row", name=came.code).locator(there))
    # then the new officer is ticked in the place of the other, and a reason sends them
    expect(desk.get_by_role("checkbox", name=came.code)).to_be_checked()
    expect(desk.get_by_role("checkbox", name=staying.code)).to_be_checked()
    expect(desk.get_by_role("checkbox", name=going.code)).not_to_be_checked()
    assert_accessible(desk)
    desk.get_by_label("Reparte mejor el trabajo").check()
    desk.get_by_role("button", name="Enviar a estas oficiales").click()
    expect(desk.get_by_role("status")).to_contain_text("Elegidas")
    assert set(Visit.objects.get(pk=visit.pk).officer_ids) == {came.pk, staying.pk}
    # and by the keyboard alone, those from before go again
    desk.get_by_role("link", name="Quién va…").focus()
    desk.keyboard.press("Enter")
    for code in (came.code, going.code):
        desk.get_by_role("checkbox", name=code).focus()
        desk.keyboard.press("Space")
    desk.get_by_label("Ella conoce a estas oficiales").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Elegidas")
    assert set(Visit.objects.get(pk=visit.pk).officer_ids) == {going.pk, staying.pk}
    assert_accessible(desk)


@pytest.mark.requirement("N1", "F12")
def test_supervisor_moves_a_visit_by_the_keyboard_alone(woman: Participant, desk: Page):
    # given the board of next week
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)
    open_board(desk)
    # when she opens the visit, takes a possible day of her week and a reason, without a mouse
    desk.locator("a.board-visit").first.focus()
    desk.keyboard.press("Enter")
    desk.locator(f"a[href='?dia={to.isoformat()}#id_to']").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Nuevo día")).to_have_value(to.isoformat())
    desk.get_by_label("Conviene más").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    # then it is moved
    expect(desk.get_by_role("status")).to_contain_text("La visita se movió")
    assert Visit.objects.get(pk=visit.pk).planned_on == to
