"""Hours without the server: what waits is warned of, and after a day the cards close."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TwoStations
from tests.browser.phones import Line, kept, line_to, log_met, phone_at, set_up
from tests.browser.test_phone_story import code, expect_nothing_waits, expect_waiting, visit_on
from tests.fixtures.browser import assert_accessible
from visits.models import Visit, VisitLog

pytestmark = pytest.mark.browser

HER_NAME = "Rosa Quispe Huamán"


@pytest.fixture
def line(web_server: str) -> Iterator[Line]:
    with line_to(web_server) as line:
        yield line


def hours_later(page: Page, hours: int) -> None:
    """Let the phone's clock be so much later, and have its list drawn by it."""
    page.clock.set_fixed_time(timezone.now() + timedelta(hours=hours))
    page.get_by_role("link", name="Más").click()
    expect(page.get_by_role("heading", level=1, name="Más")).to_be_visible()
    page.get_by_role("link", name="Días").click()
    expect(page.get_by_role("heading", level=1, name="Hoy")).to_be_visible()


def opened(page: Page, visit: Visit) -> None:
    """Open a visit of any day, as going back to it does."""
    page.evaluate(
        "(id) => window.dispatchEvent(new PopStateEvent('popstate', { state: { name: 'visit', params: { id } } }))",
        str(visit.pk),
    )
    expect(page.get_by_role("heading", level=1, name=code(visit))).to_be_visible()


@pytest.mark.requirement("F17")
def test_visit_is_logged_after_midnight_too(two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path):
    # given a phone with a visit of today, and no signal
    visit = visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        # when she comes home after midnight
        hours_later(page, 24)
        # then the visit stands there, as of yesterday, to be logged
        item = page.locator(".item-card", has_text=code(visit))
        expect(item).to_contain_text("Ayer")
        # and a day of which the server has said nothing is not said to be free
        page.get_by_role("navigation", name="Días").get_by_role("button").last.click()
        expect(page.get_by_text("Sus días aún no están aquí")).to_be_visible()
        page.get_by_role("navigation", name="Días").get_by_role("button").first.click()
        log_met(page, code(visit))
        expect_waiting(page, 1)
        expect(item).to_contain_text("En espera")
        assert_accessible(page)


@pytest.mark.requirement("F17", "F20")
def test_what_waits_long_is_warned_of_and_cards_close_after_a_day(
    two_stations: TwoStations, chromium: Browser, line: Line, tmp_path: Path
):
    # given a log that waits without a signal, and the card of another woman
    logged, other = visit_on(two_stations.by_risk), visit_on(two_stations.by_risk)
    with phone_at(chromium, line, tmp_path / "phone") as page:
        set_up(page)
        kept(page)
        line.is_cut = True
        log_met(page, code(logged))
        expect_waiting(page, 1)
        expect(page.get_by_text("Esto espera hace mucho")).to_have_count(0)
        # when half a day has passed
        hours_later(page, 13)
        # then she is told how old it is and what to do
        expect(page.get_by_text("1 en este teléfono, desde hace 13 h")).to_be_visible()
        expect(page.get_by_text("Esto espera hace mucho")).to_be_visible()
        assert_accessible(page)
        opened(page, other)
        expect(page.get_by_text(HER_NAME)).to_be_visible()
        # and when a day has passed, her cards are closed
        hours_later(page, 25)
        expect(page.get_by_text("Un día sin llegar al servidor: las tarjetas quedan ocultas")).to_be_visible()
        opened(page, other)
        expect(page.get_by_text("Un día sin llegar al servidor: su tarjeta queda oculta")).to_be_visible()
        expect(page.get_by_text(HER_NAME)).to_have_count(0)
        assert_accessible(page)
        # and the log arrives all the same once there is a signal
        line.is_cut = False
        page.get_by_role("link", name="Días").click()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect_nothing_waits(page)
    assert VisitLog.objects.get().visit_id == logged.pk
