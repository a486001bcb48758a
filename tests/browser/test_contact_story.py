"""Safe contact: asked again after a visit, followed by the plan, and kept by every message."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from messaging.texts import message_text
from participants.identity import Identity
from participants.models import ContactReview, OutgoingMessage, Participant, SafeContactPlan
from tests.browser.conftest import TwoStations, post_officer, sign_in
from tests.factories import ParticipantFactory, VisitFactory, WeekPlanFactory
from tests.fixtures.browser import assert_accessible
from visits.models import Visit
from visits.weeks import WEEK, monday_of

pytestmark = pytest.mark.browser

ROSA = Identity("Rosa Quispe Huamán", telephone="987654321", address="Jr. Los Jilgueros 123")


def reachable(two_stations: TwoStations) -> Participant:
    """A woman who chose messages, safe around the clock on every day."""
    woman = ParticipantFactory(station=two_stations.as_usual, identity=ROSA, enrolled_on=timezone.localdate())
    SafeContactPlan.objects.filter(participant=woman).update(
        channel="message", safe_from=time(0), safe_until=time(23, 59), reviewed_at=timezone.now() - timedelta(days=9)
    )
    return woman


def windows_of(woman: Participant, monday) -> set[tuple[time, time]]:
    coming = Visit.objects.filter(participant=woman, status="planned", planned_on__gte=monday)
    return set(coming.values_list("window_from", "window_until"))


@pytest.mark.requirement("F40")
def test_after_the_log_the_officer_asks_and_the_plan_follows(
    two_stations: TwoStations, celery_worker_process, phone: Page
):
    # given a visit today and one next week, within the hours that she once named
    today = timezone.localdate()
    next_monday = monday_of(today) + WEEK
    woman = reachable(two_stations)
    VisitFactory(
        plan=WeekPlanFactory(participant=woman, monday=monday_of(today)),
        planned_on=today,
        grace_ends_at=timezone.now() + timedelta(days=2),
    )
    VisitFactory(plan=WeekPlanFactory(participant=woman, monday=next_monday), planned_on=next_monday)
    # when the officer logs today's
    sign_in(phone, "vecina")
    phone.get_by_role("link", name=woman.study_code).click()
    expect(phone.get_by_text("Ahora es hora segura")).to_be_visible()
    phone.get_by_role("link", name="Registrar la visita").click()
    phone.get_by_label("Hablé con ella").check()
    phone.get_by_role("button", name="Guardar la visita").first.click()
    # then the list asks whether her safe contact is still right
    expect(phone.get_by_text("¿Sigue igual su plan de contacto?")).to_be_visible()
    assert_accessible(phone)
    # and when it is not
    phone.get_by_role("link", name=f"Cambiar {woman.study_code}").click()
    phone.get_by_label("Desde").fill("10:00")
    phone.get_by_label("Hasta").fill("12:00")
    assert_accessible(phone)
    phone.get_by_role("button", name="Guardar").click()
    # then the card says so, and by whom
    expect(phone.get_by_text("Revisado hoy")).to_be_visible()
    expect(phone.get_by_text("10:00–12:00")).to_be_visible()
    review = ContactReview.objects.get()
    assert (review.has_changed, review.reviewed_by.username) == (True, "vecina")
    # and next week's visit follows; the list asks no more
    for _wait in range(600):
        if windows_of(woman, next_monday) == {(time(10), time(12))}:
            break
        phone.wait_for_timeout(200)
    assert windows_of(woman, next_monday) == {(time(10), time(12))}
    phone.goto("/visitas/")
    expect(phone.get_by_text("¿Sigue igual su plan de contacto?")).to_have_count(0)


@pytest.mark.requirement("F55")
def test_a_supervisor_writes_and_it_leaves_at_a_safe_moment(
    two_stations: TwoStations, celery_worker_process, phone: Page, tmp_path: Path
):
    # given a woman for whom this is a safe moment
    woman = reachable(two_stations)
    post_officer("supervisora2", two_stations.as_usual, Role.SUPERVISOR)
    sign_in(phone, "supervisora2")
    # when her supervisor chooses a text
    phone.goto(f"/personas/{woman.study_code}/mensajes/")
    expect(phone.get_by_text("Es un momento seguro")).to_be_visible()
    expect(phone.get_by_text("987654")).to_have_count(0)
    assert_accessible(phone)
    phone.get_by_label(message_text("call_me", "es")).check()
    phone.get_by_role("button", name="Enviar ahora").click()
    expect(phone.get_by_role("status")).to_contain_text("Está en camino")
    # then the worker sends it, once, and its log holds no number
    for _wait in range(600):
        if OutgoingMessage.objects.get().state == "sent":
            break
        phone.wait_for_timeout(200)
    phone.reload()
    expect(phone.get_by_text("Enviado", exact=True)).to_be_visible()
    log = (tmp_path / "worker.log").read_text()
    assert log.count(message_text("call_me", "es")) == 1
    assert "987654321" not in log
    # and a second one waits for tomorrow, and can be taken back
    expect(phone.get_by_text("Hoy ya recibió un mensaje")).to_be_visible()
    phone.get_by_label(message_text("when_suits", "es")).check()
    phone.get_by_role("button", name="Enviar cuando sea seguro").click()
    expect(phone.get_by_text("En espera", exact=True)).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("button", name="Retirar").click()
    expect(phone.get_by_text("Retirado", exact=True)).to_be_visible()
    assert_accessible(phone)
