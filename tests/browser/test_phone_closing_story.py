"""The phone closed in one tab, left in mid-word, its PIN forgotten, its disk full: nobody gets in, nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect

from tests.browser.conftest import TwoStations
from tests.browser.phones import Line, give_pin, kept, line_to, log_met, phone_at, set_up
from tests.browser.test_phone_leaving_story import what_is_stored
from tests.browser.test_phone_story import code, expect_receipts, expect_waiting, visit_on
from tests.fixtures.browser import assert_accessible
from visits.models import VisitLog

pytestmark = pytest.mark.browser
# As where the disk is full: what is put into the store is taken back with its whole transaction.
FILL_THE_DISK = """() => {
    const put = IDBObjectStore.prototype.put;
    window.freeTheDisk = () => { IDBObjectStore.prototype.put = put; };
    IDBObjectStore.prototype.put = function (...given) {
        const request = put.apply(this, given);
        this.transaction.abort();
        return request;
    };
}"""
HER_NAME = "Rosa Quispe Huamán"
TYPE_AND_LEAVE = """(text) => {
    const note = document.querySelector("#id_note");
    for (let n = 1; n <= text.length; n += 1) {
        note.value = text.slice(0, n);
        note.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.querySelector("[data-quick-exit]").click();
}"""


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


@pytest.mark.requirement("F22")
def test_signing_out_without_signal_closes_every_tab_and_lets_nobody_in(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone that is open twice, a card in one of them
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        other = page.context.new_page()
        other.goto("/telefono/")
        give_pin(other)
        other.locator(".item-card", has_text=code(visit)).click()
        expect(other.get_by_text(HER_NAME)).to_be_visible()
        # when she signs out where there is no signal
        line.is_cut = True
        page.get_by_role("link", name="Más").click()
        page.get_by_role("button", name="Cerrar sesión").click()
        page.get_by_role("button", name="Cerrar sesión y borrar").click()
        expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        # then the other tab shows nothing of hers
        expect(other.get_by_text(HER_NAME)).to_have_count(0)
        expect(other.get_by_role("link", name="Días")).to_have_count(0)
        # and whoever opens the phone once there is a signal is asked for the password, not for a new PIN
        line.is_cut = False
        other.goto("/telefono/")
        expect(other.get_by_role("heading", name="Entrar")).to_be_visible()
    assert not Session.objects.exists()


@pytest.mark.requirement("N5", "F20")
def test_exit_leaves_in_every_tab_and_keeps_the_last_letter(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a log that she writes, and her card in another tab
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        other = page.context.new_page()
        other.goto("/telefono/")
        give_pin(other)
        other.locator(".item-card", has_text=code(visit)).click()
        expect(other.get_by_text(HER_NAME)).to_be_visible()
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="No hablé con ella").click()
        page.context.set_offline(True)
        line.is_cut = True
        # when she leaves with the last letter just typed
        page.evaluate(TYPE_AND_LEAVE, "hasta la última letra")
        # then both tabs are a calendar
        for tab in (page, other):
            expect(tab.locator(".calendar")).to_be_visible()
            expect(tab.get_by_text(HER_NAME)).to_have_count(0)
        # and the letter is there after the PIN
        page.locator("[aria-current=date]").click()
        give_pin(page)
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="Seguir con el registro").click()
        expect(page.locator("#id_note")).to_have_value("hasta la última letra")
        # and what she said at the door is in no history that the browser keeps
        assert "in_private" not in page.evaluate("JSON.stringify(history.state)")


@pytest.mark.requirement("F22")
def test_forgotten_pin_is_given_up_for_a_new_one(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone with a log that was not sent, and its PIN forgotten
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        log_met(page, code(visit))
        expect_waiting(page, 1)
        page.goto("/telefono/")
        page.get_by_role("button", name="Olvidé el PIN").click()
        assert_accessible(page)
        # when she gives it up
        page.get_by_role("button", name="Borrar y elegir un PIN nuevo").click()
        # then her cards are gone and the log waits
        expect(page.get_by_role("heading", name="Se borraron las tarjetas")).to_be_visible()
        assert what_is_stored(page) == {"meta": 2, "days": 0, "queue": 1, "drafts": 0}
        # and once she has signed in, a new PIN opens the phone and the log arrives
        line.is_cut = False
        set_up(page, pin="975310")
        expect_receipts(page, 1)
    assert VisitLog.objects.get().visit_id == visit.pk


@pytest.mark.requirement("F20")
def test_full_phone_says_so_and_keeps_what_was_written_once_there_is_room(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone without room for anything
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        page.locator(".item-card", has_text=code(visit)).click()
        page.get_by_role("button", name="No hablé con ella").click()
        page.evaluate(FILL_THE_DISK)
        # when she writes and saves a log
        page.locator("#id_outcome_nobody_home").check()
        expect(page.get_by_role("status").filter(has_text="no pudo guardarlo")).to_be_visible()
        page.get_by_role("button", name="Guardar la visita").first.click()
        # then she is told, and what she wrote stands there
        expect(page.get_by_role("alert")).to_contain_text("Este teléfono no pudo guardarlo")
        assert_accessible(page)
        # and once there is room it goes on its way
        page.evaluate("window.freeTheDisk()")
        page.get_by_role("button", name="Guardar la visita").first.click()
        expect(page.get_by_role("heading", name="Hoy", level=1)).to_be_visible()
        expect_receipts(page, 1)
    assert VisitLog.objects.get().outcome == "nobody_home"
