"""The officer's phone without a signal: what she writes reaches the server once, whatever happens on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from audit.models import Event
from tests.browser.conftest import TwoStations, post_officer, sign_in
from tests.browser.hand import Hand
from tests.browser.phones import Line, give_pin, kept, kill, line_to, log_met, phone_at, set_up, sign_in_again, until
from tests.factories import ParticipantFactory, VisitFactory, WeekPlanFactory
from tests.fixtures.browser import assert_accessible
from tests.locks import wait_until
from visits.models import Device, LogConflict, Visit, VisitLog
from visits.weeks import monday_of

pytestmark = pytest.mark.browser
# What a finger does: a tap on the words of a choice is one, though the browser makes two clicks of it.
COUNT_TOUCHES = """() => {
    window.touched = { taps: 0, keys: 0 };
    window.addEventListener("pointerdown", () => { window.touched.taps += 1; }, true);
    window.addEventListener("keydown", () => { window.touched.keys += 1; }, true);
}"""

# What says that a log is kept goes, and comes again once all that is on the page now is kept; or goes alone.
SAY_NOTHING = """() => { document.querySelector(".save-bar [role=status]").textContent = ""; }"""
SAVE_AND_SAY_IT_ANEW = """() => {
    document.querySelector(".save-bar [role=status]").textContent = "";
    document.querySelector("#id_note").dispatchEvent(new Event("input", { bubbles: true }));
}"""
# Every question of a log, in its order, and what is tapped.
EVERYTHING = (
    ("outcome", "Hablé con ella"),
    ("safety_concern", "Me preocupa su seguridad"),
    ("present", "Niños o niñas"),
    ("new_incident", "Sí"),
    ("incident_type", "Insultos o amenazas"),
    ("incident_on", "Ayer"),
    ("incident_injury", "No"),
    ("incident_weapon", "No"),
    ("measures_obeyed", "No"),
    ("referral_offered", "Le dije dónde puede pedir ayuda"),
    ("next_contact", "Acordado con ella"),
    ("next_contact_on", "Mañana"),
)
NOTE = "Pasa por la tienda al salir."


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


def visit_on(station, days: int = 0) -> Visit:
    woman, day = ParticipantFactory(station=station), timezone.localdate() + timedelta(days=days)
    plan = WeekPlanFactory(participant=woman, monday=monday_of(day))
    return VisitFactory(plan=plan, planned_on=day, grace_ends_at=timezone.now() + timedelta(days=3))


def code(visit: Visit) -> str:
    return visit.participant.study_code


def expect_waiting(page: Page, count: int) -> None:
    expect(page.get_by_role("status").filter(has_text="en este teléfono")).to_contain_text(f"{count} en este teléfono")


NOTHING_WAITS = """async () => {
    const result = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
    const database = await result(indexedDB.open("agenda"));
    const records = await result(database.transaction("queue").objectStore("queue").getAll());
    database.close();
    return !records.some(({ state }) => ["queued", "sending", "refused"].includes(state));
}"""


def expect_receipts(page: Page, count: int) -> None:
    page.get_by_role("link", name=re.compile("Envíos")).click()
    expect(page.locator(".item-card", has_text="Recibido")).to_have_count(count)


def expect_nothing_waits(page: Page) -> None:
    """Wait until the phone says so and its store, too: a page that is being drawn says nothing yet."""
    expect(page.get_by_role("status").filter(has_text="en este teléfono")).to_have_count(0)
    until(page, NOTHING_WAITS)


@pytest.mark.requirement("F17", "F20", "F22")
def test_three_visits_logged_without_signal_outlive_a_killed_browser_and_arrive_once(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone with her days on it, and then no signal
    visits = [visit_on(two_stations.by_risk) for _n in range(3)]
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        assert_accessible(page)
        line.is_cut = True
        # when she opens a card, it says how to arrive safely
        page.locator(".item-card", has_text=code(visits[0])).click()
        expect(page.get_by_role("region", name="Llegar con seguridad")).to_contain_text("Jr. Los Jilgueros 123")
        page.go_back()
        # and when she logs three visits and the browser is killed
        for visit in visits:
            log_met(page, code(visit))
        expect_waiting(page, 3)
        kill(tmp_path / "phone")
    with phone_at(chromium, line, tmp_path / "phone") as page:
        # then the phone opens without a signal by her PIN, and the three are there
        page.goto("/telefono/")
        give_pin(page)
        expect_waiting(page, 3)
        assert VisitLog.objects.count() == 0
        # and once there is a signal and she signed in, each arrives, once
        line.is_cut = False
        sign_in_again(page)
        expect_nothing_waits(page)
        expect_receipts(page, 3)
        assert_accessible(page)
    assert sorted(log.visit_id for log in VisitLog.objects.all()) == sorted(visit.pk for visit in visits)


@pytest.mark.requirement("N6")
def test_common_log_takes_three_taps_from_her_card_and_no_key(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given her card open at the door, without a signal
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        page.locator(".item-card", has_text=code(visit)).tap()
        expect(page.get_by_role("heading", level=1, name=code(visit))).to_be_visible()
        page.evaluate(COUNT_TOUCHES)
        # when she was met alone and nothing happened
        page.get_by_role("button", name="A solas: registrar la visita").tap()
        page.get_by_label("Hablé con ella").tap()
        page.get_by_role("button", name="Guardar la visita").first.tap()
        # then it is kept, and nothing else was touched
        expect_waiting(page, 1)
        assert page.evaluate("window.touched") == {"taps": 3, "keys": 0}
        assert_accessible(page)


@pytest.mark.requirement("N6")
def test_log_with_every_answer_takes_less_than_a_minute(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given her card open at the door, without a signal
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        page.emulate_media(reduced_motion="reduce")
        set_up(page)
        kept(page)
        line.is_cut = True
        page.locator(".item-card", has_text=code(visit)).tap()
        expect(page.get_by_role("heading", level=1, name=code(visit))).to_be_visible()
        page.evaluate(COUNT_TOUCHES)
        hand = Hand(page)
        # when she was met and everything that can be asked is answered
        hand.tap(page.get_by_role("button", name="A solas: registrar la visita"))
        for field, answer in EVERYTHING:
            hand.tap(page.locator(f"#id_{field}").get_by_text(answer, exact=True))
        hand.type(page.locator("#id_note"), NOTE)
        hand.tap(page.get_by_role("button", name="Guardar la visita"))
        # then it is kept whole, by so many touches
        expect_waiting(page, 1)
        assert page.evaluate("window.touched.taps") == hand.taps == len(EVERYTHING) + 3
        assert (hand.swipes, round(hand.seconds, 1)) == (0, 49.0)
        assert hand.seconds < 60
        # and it arrives as it was tapped
        line.is_cut = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect_nothing_waits(page)
        assert_accessible(page)
    log = VisitLog.objects.get()
    today = timezone.localdate(log.occurred_at)
    assert (log.outcome, log.in_private, log.present, log.safety_concern) == ("met", "yes", ["children"], True)
    assert (log.new_incident, log.incident_type, log.incident_injury, log.incident_weapon) == (
        "yes",
        "words",
        "no",
        "no",
    )
    assert (log.incident_on, log.next_contact_on) == (today - timedelta(days=1), today + timedelta(days=1))
    assert (log.measures_obeyed, log.referral_offered, log.next_contact) == ("no", True, "agreed")


def test_logs_are_sent_once_when_answers_are_lost_and_the_server_fails(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a line that swallows answers after the server has acted
    visit, lost = visit_on(two_stations.by_risk), []

    def swallows(asked: bytes) -> bool:
        is_log = asked.startswith(b"POST /api/v1/sync/visits")
        if is_log:
            lost.append(asked)
        return is_log

    line.swallows = swallows
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        # when she logs a visit
        log_met(page, code(visit))
        expect_waiting(page, 1)
        assert wait_until(lambda: len(lost) >= 2)
        line.swallows = lambda _asked: False
        # then it stays on the phone until there is a receipt, and the server has it once
        expect_nothing_waits(page)
        expect_receipts(page, 1)
    assert (VisitLog.objects.count(), LogConflict.objects.count()) == (1, 0)


def test_several_tabs_send_once(two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path):
    # given the same phone open three times, without a signal, and visits logged in each
    visits = [visit_on(two_stations.by_risk) for _n in range(3)]
    with phone_at(chromium, line, tmp_path / "phone") as first:
        set_up(first)
        kept(first)
        tabs = [first, *(first.context.new_page() for _n in range(2))]
        for tab in tabs[1:]:
            tab.goto("/telefono/")
            give_pin(tab)
        line.is_cut = True
        for tab, visit in zip(tabs, visits, strict=True):
            log_met(tab, code(visit))
        line.asked.clear()
        # when the signal comes back to all of them at once
        line.is_cut = False
        for tab in tabs:
            tab.evaluate("window.dispatchEvent(new Event('online'))")
        for tab in tabs:
            expect_nothing_waits(tab)
    # then every log went once
    assert VisitLog.objects.count() == 3
    assert Event.objects.filter(action="visits.sync").count() == 1
    assert sum(asked.startswith("POST /api/v1/sync/visits") for asked in line.asked) == 1


@pytest.mark.requirement("F20")
def test_what_was_typed_outlives_a_killed_browser(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a log that she is writing without a signal
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="A solas: registrar la visita").click()
        page.get_by_label("Hablé con ella").check()
        page.locator("#id_note").press_sequentially("El perro ladr", delay=20)
        page.evaluate(SAVE_AND_SAY_IT_ANEW)
        expect(page.get_by_text("Guardado en este teléfono")).to_be_visible()
        page.evaluate(SAY_NOTHING)
        page.locator("#id_note").press_sequentially("a")
        expect(page.get_by_text("Guardado en este teléfono")).to_be_visible()
        # when the battery ends in the middle of it
        kill(tmp_path / "phone")
    with phone_at(chromium, line, tmp_path / "phone") as page:
        page.goto("/telefono/")
        give_pin(page)
        # then it is there to the last letter
        expect(page.get_by_role("status").filter(has_text="sin terminar")).to_be_visible()
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="Seguir con el registro").click()
        expect(page.locator("#id_note")).to_have_value("El perro ladra")
        expect(page.get_by_label("Hablé con ella")).to_be_checked()
        assert_accessible(page)


@pytest.mark.requirement("F20")
def test_session_that_ended_in_the_field_stops_nothing(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone whose session ended
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        Session.objects.all().delete()
        # when she logs a visit
        log_met(page, code(visit))
        # then it is kept, and she is asked to sign in
        expect(page.get_by_role("status").filter(has_text="Su sesión terminó")).to_be_visible()
        expect_waiting(page, 1)
        assert_accessible(page)
        # and when she does
        sign_in_again(page)
        expect_nothing_waits(page)
    assert VisitLog.objects.get().visit_id == visit.pk


def test_two_phones_that_log_the_same_visit_meet_on_the_supervisors_page(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path, desk: Page
):
    # given two officers of a station, each with the visit on her phone, without a signal
    post_officer("segunda", two_stations.by_risk)
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "one") as one, phone_at(chromium, line, tmp_path / "two") as two:
        set_up(one)
        set_up(two, "segunda")
        line.is_cut = True
        # when both log it, differently, and the signal comes back
        log_met(one, code(visit))
        two.locator(".item-card", has_text=code(visit)).click()
        two.get_by_role("button", name="No hablé con ella").click()
        two.locator("#id_outcome_nobody_home").check()
        two.get_by_role("button", name="Guardar la visita").first.click()
        expect_waiting(two, 1)
        line.is_cut = False
        for page in (one, two):
            page.evaluate("window.dispatchEvent(new Event('online'))")
            expect_nothing_waits(page)
        # then whoever came second is told that her supervisor decides
        told = [page.get_by_text("por decidir de su supervisora") for page in (one, two)]
        assert wait_until(lambda: sum(words.count() for words in told) == 1)
        assert_accessible(two)
    # and the supervisor sees both and decides
    sign_in(desk, "supervisora")
    desk.get_by_role("link", name="Visitas", exact=True).first.click()
    desk.get_by_role("link", name="Por decidir", exact=True).click()
    desk.locator(".item-card").click()
    expect(desk.locator(".compare-table .differs")).not_to_have_count(0)
    desk.get_by_label(re.compile("primer", re.IGNORECASE)).first.check()
    desk.get_by_role("main").get_by_role("button").first.click()
    expect(desk.get_by_text("Decisión guardada")).to_be_visible()
    assert LogConflict.objects.get().decided_at is not None


def test_another_officer_on_the_same_phone_sees_nothing_of_the_first(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given an officer who logged a visit without a signal on a phone that she shares
    visit = visit_on(two_stations.by_risk)
    others = visit_on(two_stations.as_usual)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        Session.objects.all().delete()
        log_met(page, code(visit))
        expect_waiting(page, 1)
        # when a colleague of another station sets up hers on it
        set_up(page, "vecina", "246802")
        # then she sees her own days alone, and that something of somebody else waits
        expect(page.locator(".item-card")).to_have_count(1)
        expect(page.locator(".item-card")).to_contain_text(code(others))
        page.get_by_role("link", name="Más").click()
        expect(page.get_by_text("1 cosa de otra persona espera aquí")).to_be_visible()
        assert_accessible(page)
        # and the first's PIN opens nothing of hers; the first comes back to her own
        page.get_by_role("button", name="Bloquear").click()
        give_pin(page)
        expect(page.get_by_text("No es este PIN")).to_be_visible()
        Session.objects.all().delete()
        sign_in_again(page)
        expect_nothing_waits(page)
    assert VisitLog.objects.get().visit_id == visit.pk
    assert Device.objects.count() == 2


@pytest.mark.requirement("F22", "N3")
def test_nothing_readable_lies_on_the_phone(two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path):
    # given a phone with cards, a log and a draft that name marked people and places
    visits = [visit_on(two_stations.by_risk) for _n in range(2)]
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        page.locator(".item-card", has_text=code(visits[0])).click()
        expect(page.get_by_text("Rosa Quispe Huamán")).to_be_visible()
        line.is_cut = True
        page.get_by_role("button", name="A solas: registrar la visita").click()
        page.get_by_label("Hablé con ella").check()
        page.locator("#id_note").fill("Zarzaparrilla en la puerta")
        page.get_by_role("button", name="Guardar la visita").first.click()
        expect_waiting(page, 1)
        page.locator(".item-card", has_text=code(visits[1])).click()
        page.get_by_role("button", name="A solas: registrar la visita").click()
        page.locator("#id_note").fill("Mandrágora en la ventana")
        expect(page.get_by_text("Guardado en este teléfono")).to_be_visible()
    # then no file of the browser holds them
    marks = ["Rosa Quispe", "Jilgueros", "Zarzaparrilla", "Mandrágora", code(visits[0])]
    assert found_in(tmp_path / "phone", marks) == []
    # and what is searched is indeed where the phone keeps it
    assert found_in(tmp_path / "phone", ["envelope"]) == ["envelope"]


def found_in(profile: Path, marks: list[str]) -> list[str]:
    files = [file.read_bytes() for file in profile.rglob("*") if file.is_file() and not file.is_symlink()]
    assert len(files) > 20
    spelt = {mark: [mark.encode(), mark.encode("latin-1"), mark.encode("utf-16-le")] for mark in marks}
    return [mark for mark, ways in spelt.items() if any(way in file for way in ways for file in files)]
