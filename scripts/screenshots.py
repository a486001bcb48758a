"""The pictures of the README: drives a running demonstration (make demo) and writes docs/screenshots/*.png.

Only synthetic data is ever shown: the script signs in with the demonstration's public password.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
DEMO_PASSWORD = "agenda-de-muestra-7"  # noqa: S105 (printed by the demonstration itself)
PHONE = {"viewport": {"width": 360, "height": 720}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1120, "height": 720}}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def officers_day(page: Page) -> None:
    page.goto("/visitas/")


def safe_contact_card(page: Page) -> None:
    page.goto("/visitas/")
    page.locator(".item-card:not(.is-done)").first.click()


def risk_sheet(page: Page) -> None:
    safe_contact_card(page)
    page.locator("a[href$='/ficha/']").click()
    page.locator("input[value=si]").first.check()


def visit_log(page: Page) -> None:
    safe_contact_card(page)
    page.locator("a[href$='/registro/']").click()
    page.locator("input[name=outcome]").first.check()


def balance_of_the_draw(page: Page) -> None:
    page.goto("/sorteos/")
    page.get_by_role("row").last.get_by_role("link").click()


def panel_and_codebook(page: Page) -> None:
    page.goto("/datos/")


# File, sign-in, device, light or dark, the way to the page.
PICTURES: tuple[tuple[str, str, dict, str, Callable[[Page], None]], ...] = (
    ("day-phone.png", "oficial", PHONE, "light", officers_day),
    ("card-phone.png", "oficial", PHONE, "light", safe_contact_card),
    ("log-phone.png", "oficial", PHONE, "dark", visit_log),
    ("sheet-phone.png", "oficial2", PHONE, "light", risk_sheet),
    ("draw-desk.png", "administradora", DESK, "light", balance_of_the_draw),
    ("data-desk.png", "investigadora", DESK, "light", panel_and_codebook),
)


def main() -> int:
    """Take every picture; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the demonstration runs")
    url = parser.parse_args().url
    program = os.environ.get("IVP_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        sys.stderr.write("no Chromium found: sudo apt-get install chromium, or set IVP_CHROMIUM to its program\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            for name, username, device, scheme, way in PICTURES:
                take(browser, url, FOLDER / name, username, {**device, "color_scheme": scheme}, way)
                print(f"docs/screenshots/{name}")
        except Error as error:
            sys.stderr.write(f"{url}: {error.message.splitlines()[0]} (is `make demo` running there?)\n")
            return 1
        finally:
            browser.close()
    return 0


def take(browser: Browser, url: str, file: Path, username: str, device: dict, way: Callable[[Page], None]) -> None:
    """Sign in with a clean browser, go the way and keep what is seen."""
    context = browser.new_context(base_url=url, locale="es-PE", timezone_id="America/Lima", **device)
    page = context.new_page()
    page.goto("/entrar/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main [type=submit]").click()
    page.wait_for_url(lambda address: "/entrar/" not in address)
    way(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
