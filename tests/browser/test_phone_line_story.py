"""A poor line and a failing server: what she wrote is kept and arrives once, whatever wakes the phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TwoStations
from tests.browser.phones import (
    Line,
    give_pin,
    kept,
    line_to,
    log_met,
    phone_at,
    set_up,
    sign_in_again,
    sign_in_on_phone,
    until,
)
from tests.browser.test_phone_story import code, expect_nothing_waits, expect_receipts, expect_waiting, visit_on
from tests.fixtures.browser import assert_accessible
from tests.locks import wait_until
from visits.models import LogConflict, VisitLog

pytestmark = pytest.mark.browser

FAILS = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
# Half a minute of waiting for an answer is long for a story.
IMPATIENT = """() => {
    const patient = AbortSignal.timeout.bind(AbortSignal);
    window.patientAgain = () => { AbortSignal.timeout = patient; };
    AbortSignal.timeout = (ms) => patient(Math.min(ms, 4_000));
}"""


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


def is_log(asked: bytes) -> bool:
    return asked.startswith(b"POST /api/v1/sync/visits")


def expect_tries(page: Page, number: int) -> None:
    """Wait until the log that waits was tried that often in vain."""
    until(page, TRIED, number)


@pytest.mark.requirement("F20")
def test_log_arrives_once_though_the_server_fails_and_answers_too_late(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    visit, failed, held = visit_on(two_stations.by_risk), [], []

    def fails(asked: bytes) -> bytes | None:
        if not is_log(asked) or failed:
            return None
        failed.append(asked)
        return FAILS

    def holds(asked: bytes) -> bool:
        if is_log(asked):
            held.append(asked)
        return is_log(asked)

    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        # given a server that fails at first, and then acts, and does not answer in time
        line.answers, line.holds = fails, holds
        page.evaluate(IMPATIENT)
        # when she logs a visit
        log_met(page, code(visit))
        expect_tries(page, 2)
        # then it waits here, although the server has it
        expect_waiting(page, 1)
        assert wait_until(lambda: held)
        assert (len(failed), VisitLog.objects.count()) == (1, 1)
        assert_accessible(page)
        # and once the server answers it has its receipt, and the server has it once
        line.holds = lambda _asked: False
        page.evaluate("() => window.patientAgain()")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect_nothing_waits(page)
        expect_receipts(page, 1)
    assert (VisitLog.objects.get().visit_id, LogConflict.objects.count()) == (visit.pk, 0)


@pytest.mark.requirement("F20")
def test_browser_wakes_the_phone_to_send_and_is_asked_to_keep_what_lies_there(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        page.add_init_script(COUNTS_ASKING)
        # when she opens her phone, the browser is asked to keep it also when space runs out, and the page says whether
        set_up(page)
        kept(page)
        until(page, "() => window.askedToKeep > 0")
        page.get_by_role("link", name="Más").click()
        expect(page.get_by_text("Lo guarda el navegador")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Días").click()
        # given a log that waits without a signal: it is registered with the browser
        line.is_cut = True
        log_met(page, code(visit))
        expect_waiting(page, 1)
        until(page, "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).includes('send')")
        # when the signal is there again and the browser calls the worker
        line.is_cut = False
        call_worker(page, line.url)
        # then the worker had the open page send it
        until(page, "() => window.calledToSend > 0")
        expect_nothing_waits(page)
        expect_receipts(page, 1)
    assert VisitLog.objects.get().visit_id == visit.pk


@pytest.mark.requirement("F22")
def test_pin_at_a_shared_door_waits_until_the_server_says_who_signed_in(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a phone of two officers, that one of them opened last
    visit_on(two_stations.by_risk)
    others = visit_on(two_stations.as_usual)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        Session.objects.all().delete()
        set_up(page, "vecina", "246802")
        Session.objects.all().delete()
        sign_in_again(page)
        Session.objects.all().delete()
        # when the other signs in, and types her PIN before the server has said who is there
        line.holds = lambda asked: asked.startswith(b"GET /api/v1/phone/session")
        sign_in_on_phone(page, "vecina")
        give_pin(page, "246802")
        expect(page.get_by_text("Un momento…")).to_be_visible()
        assert [wrong for _user, wrong in wrong_pins(page)] == [0, 0]
        # then it waited, opens her own days, and counts against nobody
        line.let_go.set()
        expect(page.locator(".item-card")).to_contain_text(code(others))
        assert [wrong for _user, wrong in wrong_pins(page)] == [0, 0]
        # and the door says whose PIN it takes
        page.get_by_role("link", name="Más").click()
        page.get_by_role("button", name="Bloquear").click()
        expect(page.get_by_text("Sesión de Vecina")).to_be_visible()
        assert_accessible(page)


def wrong_pins(page: Page) -> list[tuple[str, int]]:
    """Return how many PINs in a row were wrong for each account on the phone."""
    return page.evaluate(
        """async () => {
            const result = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
            const database = await result(indexedDB.open("agenda"));
            const held = await result(database.transaction("meta").objectStore("meta").getAll());
            database.close();
            return held.filter(({ envelope }) => envelope).map(({ user, wrong }) => [user, wrong]);
        }"""
    )


def call_worker(page: Page, origin: str) -> None:
    """Let the browser tell the worker that the line is back, as it does by itself where it has Background Sync."""
    found: list[str] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(
            one["registrationId"] for one in told["registrations"] if one["scopeURL"] == f"{origin}/"
        ),
    )
    devtools.send("ServiceWorker.enable")
    until(page, "() => navigator.serviceWorker.controller !== null")
    for _wait in range(600):
        if found:
            break
        page.wait_for_timeout(100)
    registration = {"origin": origin, "registrationId": found[-1], "tag": "send", "lastChance": False}
    devtools.send("ServiceWorker.dispatchSyncEvent", registration)


TRIED = """async (number) => {
    const result = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
    const database = await result(indexedDB.open("agenda"));
    const [record] = await result(database.transaction("queue").objectStore("queue").getAll());
    database.close();
    return record.state === "queued" && record.attempts >= number;
}"""
COUNTS_ASKING = """
    window.askedToKeep = 0;
    window.calledToSend = 0;
    const persist = navigator.storage.persist.bind(navigator.storage);
    navigator.storage.persist = () => { window.askedToKeep += 1; return persist(); };
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
        if (data === "send") window.calledToSend += 1;
    });
"""
