"""What the phone takes from the line: little the first time, and nothing afterwards."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phones import Line, kept, line_to, phone_at
from tests.fixtures.databases import CommittedStudy

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000
# The browser looks itself whether the worker is still the newest, and an opening asks who is signed in.
ALWAYS_ASKED = {"/sw.js", "/api/v1/phone/session"}


def open_door(page: Page) -> None:
    page.goto("/telefono/", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def paths(line: Line) -> list[str]:
    return [path for path, _size in line.carried]


@pytest.mark.requirement("F22")
def test_first_load_is_small_and_later_ones_take_nothing_from_the_line(
    committed_study: CommittedStudy, web_server: str, chromium: Browser, tmp_path: Path
):
    with line_to(web_server) as line, phone_at(chromium, line, tmp_path / "phone") as page:
        # when a new phone opens the application for the first time
        open_door(page)
        kept(page)
        # then all that came over the line is small, headers and all, and no file came twice
        assert sum(size for _path, size in line.carried) < MOST_BYTES
        files = [path for path in paths(line) if path.startswith("/static/")]
        assert len(files) == len(set(files)) > 30
        # and the browser would install it
        devtools = page.context.new_cdp_session(page)
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        # and what it is opened by later lies on it: page, files, manifest
        line.carried.clear()
        open_door(page)
        assert set(paths(line)) <= ALWAYS_ASKED


def test_new_version_takes_only_what_changed_from_the_line(
    committed_study: CommittedStudy, web_server: str, chromium: Browser, tmp_path: Path
):
    with line_to(web_server) as line, phone_at(chromium, line, tmp_path / "phone") as page:
        # given a phone with an older version, of which one file is another, and nothing in the browser's own cache
        open_door(page)
        kept(page)
        page.evaluate(MAKE_OLDER, "/static/css/phone.css")
        page.goto("about:blank")
        page.goto("/entrar/", wait_until="networkidle")
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        line.carried.clear()
        # when the version of today comes
        page.evaluate("() => navigator.serviceWorker.register('/sw.js', { scope: '/' })")
        kept(page)
        # then that file alone comes over the line, and it is the right one
        assert [path for path in paths(line) if path.startswith("/static/")] == ["/static/css/phone.css"]
        assert "pin-field" in page.evaluate("async () => (await (await caches.match('/static/css/phone.css')).text())")


MAKE_OLDER = """async (changed) => {
    await (await navigator.serviceWorker.getRegistration()).unregister();
    const [today] = await caches.keys();
    const [newer, older] = await Promise.all([caches.open(today), caches.open("agenda older")]);
    for (const request of await newer.keys()) await older.put(request, await newer.match(request));
    await older.put(changed, new Response("/* of before */"));
    await caches.delete(today);
}"""
