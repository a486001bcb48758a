"""The application on an officer's phone: what it loads, how soon a log opens on a slow one, what Lighthouse says."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench_server import served
from bench_study import CHECKOUT, Result, signed_in, study
from django.db import connection
from playwright.sync_api import BrowserContext, Page, sync_playwright

PIN = "135790"
WORDS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SLOWER = 4
READ_BYTES = 65_536
# Asked at every opening: the browser looks whether the worker is still the newest, the interface holds people's data.
ALWAYS_ASKED = ("/api/", "/sw.js")
OPEN_A_LOG = """() => new Promise((done) => {
    const from = performance.now();
    document.querySelector("main .d-grid .btn-primary").click();
    const look = () => document.getElementById("id_outcome_met")
        ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)))
        : setTimeout(look, 5);
    look();
})"""


def phone() -> Result:
    """Measure the first load, the later ones, the log on a CPU four times slower, and Lighthouse's judgement."""
    with study(participants=160):
        cookie = signed_in("oficial").cookies["agenda"].value
        connection.close()
        with served() as port, counted(port) as line, tempfile.TemporaryDirectory() as profile:
            with browser(profile, line.url) as context:
                context.add_cookies([{"name": "agenda", "value": cookie, "url": line.url}])
                figures = _loads(context.new_page(), line)
            judged = _lighthouse(f"{line.url}/telefono/")
    return {**figures, **judged}


class Counted:
    """A relay before the server that counts what each path sends, headers and all."""

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.sent: list[tuple[str, int]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def kilobytes(self) -> float:
        return round(sum(size for _path, size in self.sent) / 1000, 1)

    def paths(self) -> list[str]:
        return [path for path, _size in self.sent if not path.startswith(ALWAYS_ASKED)]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            lines, body = _request(client)
            with socket.create_connection(self._server) as server:
                server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
                answer = b"".join(iter(lambda: server.recv(READ_BYTES), b""))
            self.sent.append((lines[0].split(b" ")[1].decode(), len(answer)))
            client.sendall(answer)


def _request(client: socket.socket) -> tuple[list[bytes], bytes]:
    """Return the lines of a request's head, without how its connection goes on, and its body."""
    asked = client.recv(READ_BYTES)
    while asked and b"\r\n\r\n" not in asked:
        asked += client.recv(READ_BYTES)
    head, _blank, body = asked.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(READ_BYTES)
    return lines, body


@contextmanager
def counted(port: int) -> Iterator[Counted]:
    line = Counted(port)
    yield line
    line.listener.close()


@contextmanager
def browser(profile: str, url: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=_program(), args=WORDS, base_url=url, viewport={"width": 360, "height": 740},
            is_mobile=True, has_touch=True, locale="es-PE", timezone_id="America/Lima",
        )  # fmt: skip
        yield context
        context.close()


def _program() -> str:
    return os.environ.get("IVP_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)))


def _loads(page: Page, line: Counted) -> Result:
    page.goto("/telefono/", wait_until="networkidle")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    first = line.kilobytes()
    for name in ("pin", "pin_again"):
        page.locator(f"#{name}").fill(PIN)
    page.locator("main form button").click()
    # "As of …" is shown once the days are there.
    page.locator("main p.item-note").wait_for(timeout=60_000)
    line.sent.clear()
    page.goto("/telefono/", wait_until="networkidle")
    later = line.paths()
    devtools = page.context.new_cdp_session(page)
    hindrances = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.locator("#pin").fill(PIN)
    _open_a_visit(page)
    log_ms = page.evaluate(OPEN_A_LOG)
    return {
        "first_load_kilobytes": first,
        "promised_first_load_kilobytes": 150,
        "later_loads": len(later),
        "promised_later_loads": 0,
        "later_loaded": later,
        "log_opens_seconds": round(log_ms / 1000, 2),
        "promised_log_opens_seconds": 1,
        "times_slower": SLOWER,
        "hindrances_to_installing": len(hindrances),
        "promised_hindrances_to_installing": 0,
        "hindered_by": [hindrance["errorId"] for hindrance in hindrances],
    }


def _open_a_visit(page: Page) -> None:
    """Open a visit that has no log yet, of the last day that has one: today's may all be done."""
    page.locator(".tabs").wait_for(timeout=60_000)
    for n in reversed(range(page.locator(".tabs button").count())):
        page.locator(".tabs button").nth(n).click()
        page.locator(f".tabs button:nth-child({n + 1})[aria-current]").wait_for()
        for item in page.locator(".item-card").all()[:5]:
            code = item.locator(".item-title").inner_text()
            item.click()
            page.locator("main h1", has_text=code).wait_for()
            if page.locator("main .d-grid .btn-primary").count():
                return
            page.go_back()
            page.locator(".tabs").wait_for()
    raise SystemExit("bench: the officer has no visit to log")


def _lighthouse(url: str) -> Result:
    """Return the marks of accessibility and best practices, 0 to 100."""
    program = CHECKOUT / "node_modules" / "lighthouse" / "cli" / "index.js"
    node = shutil.which("node") or str(CHECKOUT / ".venv" / "bin" / "node")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [node, str(program), url, "--quiet", "--output=json", f"--output-path={report}"]
        command += ["--only-categories=accessibility,best-practices", "--throttling-method=provided"]
        command += ["--chrome-flags=--headless " + " ".join(WORDS)]
        subprocess.run(command, env={**os.environ, "CHROME_PATH": _program()}, check=True, timeout=300)
        categories = json.loads(report.read_text())["categories"]
    marks = {name.replace("-", "_"): round(100 * category["score"]) for name, category in categories.items()}
    return {
        **{f"lighthouse_{name}": mark for name, mark in marks.items()},
        "lighthouse_short_of_100": sum(100 - mark for mark in marks.values()),
        "promised_lighthouse_short_of_100": 0,
    }
