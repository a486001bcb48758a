"""A telephone for the stories: a browser whose profile outlives it, and a line to the server that can be cut."""

import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from playwright.sync_api import Error as PlaywrightError

from simulation.team import DEMO_PASSWORD
from tests.fixtures.browser import CALM, CHROMIUM_NAMES, PATIENCE_MS, PHONE, is_script_error

PIN = "135790"
WORDS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKED_BYTES = 65_536


class Line:
    """What lies between phones and the server. It can be cut, answer by itself, keep an answer back or lose it."""

    def __init__(self, server: str) -> None:
        self._server = (urlsplit(server).hostname, urlsplit(server).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.is_cut = False
        self.swallows: Callable[[bytes], bool] = lambda _asked: False
        self.holds: Callable[[bytes], bool] = lambda _asked: False
        self.let_go = threading.Event()
        self.answers: Callable[[bytes], bytes | None] = lambda _asked: None
        self.asked: list[str] = []
        self.carried: list[tuple[str, int]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.let_go.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        """Carry one request and its answer, then hang up: each request is judged as it comes."""
        with phone, suppress(OSError):
            asked = _whole_request(phone)
            if self.is_cut or not asked:
                return
            self.asked.append(asked.split(b"\r\n", 1)[0].decode())
            if instead := self.answers(asked):
                phone.sendall(instead)
                return
            head, _blank, body = asked.partition(b"\r\n\r\n")
            with socket.create_connection(self._server) as server:
                server.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
                answer = b"".join(iter(lambda: server.recv(ASKED_BYTES), b""))
            if self.holds(asked):
                self.let_go.wait()
            if not self.is_cut and not self.swallows(asked):
                self.carried.append((head.split(b" ")[1].decode(), len(answer)))
                phone.sendall(answer)


def _whole_request(phone: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        part = phone.recv(ASKED_BYTES)
        if not part:
            return b""
        asked += part
    head, _blank, body = asked.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += phone.recv(ASKED_BYTES)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    line = Line(server)
    yield line
    line.close()


@contextmanager
def phone_at(browser: Browser, line: Line, profile: Path) -> Iterator[Page]:
    """Start the browser of a telephone on its profile; fail if a script of its pages erred."""
    context = launched(browser, line, profile)
    errors: list[str] = []
    page = context.pages[0] if context.pages else context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if is_error_of_ours(message) else None)
    yield page
    with suppress(PlaywrightError):  # it may have been killed
        context.close()
    assert errors == [], errors


def launched(browser: Browser, line: Line, profile: Path) -> BrowserContext:
    program = os.environ.get("IVP_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    context = browser.browser_type.launch_persistent_context(
        str(profile), executable_path=program, args=WORDS, base_url=line.url, viewport=PHONE, is_mobile=True,
        has_touch=True, locale="es-PE", timezone_id="America/Lima", accept_downloads=True,
        reduced_motion=CALM, timeout=PATIENCE_MS,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    return context


def is_error_of_ours(message: ConsoleMessage) -> bool:
    # A line that is cut on purpose is printed as an error too.
    return is_script_error(message) and "net::ERR_" not in message.text


def kill(profile: Path) -> None:
    """End a telephone's browser without a word to it, as an empty battery does."""
    os.kill(int((profile / "SingletonLock").readlink().name.rpartition("-")[2]), signal.SIGKILL)


def set_up(page: Page, username: str = "oficial", pin: str = PIN) -> None:
    """Sign in and choose a PIN; the days are there afterwards."""
    sign_in_on_phone(page, username)
    page.get_by_label("Nuevo PIN").fill(pin)
    page.get_by_label("El mismo PIN").fill(pin)
    page.get_by_role("button", name="Usar este PIN").click()
    expect(page.get_by_role("heading", name="Hoy", level=1)).to_be_visible()
    expect(page.get_by_text("Sus días aún no están aquí")).to_have_count(0)


def sign_in_on_phone(page: Page, username: str = "oficial", application: str = "/telefono/") -> None:
    page.goto(f"/entrar/?next={application}")
    name, pin = page.get_by_label("Usuario"), page.get_by_label("PIN").first
    expect(name.or_(pin).first).to_be_visible()
    # A browser that was killed may not have forgotten its session.
    if name.is_visible():
        name.fill(username)
        page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Entrar").click()
        expect(pin).to_be_visible()


def sign_in_again(page: Page, username: str = "oficial", pin: str = PIN) -> None:
    sign_in_on_phone(page, username)
    give_pin(page, pin)
    expect(page.get_by_role("link", name="Días")).to_be_visible()


def give_pin(page: Page, pin: str = PIN) -> None:
    page.get_by_label("PIN (seis dígitos)").fill(pin)


def kept(page: Page) -> None:
    """Wait until the worker holds the application."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def until(page: Page, holds: str, given: object = None) -> None:
    """Wait until an asynchronous function holds in the page."""
    page.evaluate(
        f"""async (given) => {{
            const holds = {holds};
            const end = Date.now() + 60_000;
            while (!(await holds(given))) {{
                if (Date.now() > end) throw new Error("it never held");
                await new Promise((done) => setTimeout(done, 50));
            }}
        }}""",
        given,
    )


def log_met(page: Page, code: str) -> None:
    """Log that she was met: a tap on the list, and three from her card."""
    page.locator(".item-card", has_text=code).click()
    page.get_by_role("button", name="A solas: registrar la visita").click()
    page.get_by_label("Hablé con ella").check()
    page.get_by_role("button", name="Guardar la visita").first.click()
    expect(page.get_by_role("heading", level=1, name="Hoy")).to_be_visible()
