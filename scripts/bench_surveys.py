"""What is promised about questionnaires: a long form on a slow phone."""

import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import NamedTuple

from bench_study import CHECKOUT, Result, signed_in, study
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from simulation.groundwork import SIMULATION
from surveys.services import load_instrument

QUESTIONS, SLOWER, LOADS, TAPS = 300, 4, 3, 20
# In the form each seventh question asks for a number.
LAST = 6
TAP = """async (label) => {
    const began = performance.now();
    label.click();
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - began;
}"""


def form() -> Result:
    """Open a form of 300 questions with groups, skips and a repeat. Promised: 3 s, and 100 ms a tap, 4 times slowed."""
    with study(clusters=16, participants=160):
        stored = load_instrument(by=SIMULATION, source=long_form().encode(), name="long.md", now=timezone.now())
        session = signed_in("administradora").cookies["agenda"].value
        connection.close()
        with gunicorn() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            path = reverse("instrument_preview", args=[stored.pk])
            runs = [opened(browser, address, path, session) for _ in range(LOADS)]
            browser.close()
    taps = sorted(tap for run in runs for tap in run.taps)
    return {
        "load_seconds": round(statistics.median(run.load for run in runs), 2),
        "promised_load_seconds": 3,
        "load_processor_seconds": round(statistics.median(run.processor for run in runs), 2),
        "whole_seconds": round(statistics.median(run.whole for run in runs), 2),
        "tap_milliseconds": round(statistics.median(taps), 1),
        "promised_tap_milliseconds": 100,
        "tap_p95_milliseconds": round(taps[int(0.95 * (len(taps) - 1))], 1),
        "questions": len(stored.content["questions"]),
        "slowed": SLOWER,
    }


class Opened(NamedTuple):
    """Seconds until a form can be answered, those of them that the page worked, and until every question is drawn.

    `taps` are the milliseconds from each tap, with everything drawn, until the answer shows.
    """

    load: float
    processor: float
    whole: float
    taps: list[float]


def opened(browser: Browser, address: str, path: str, session: str) -> Opened:
    """Open a form on a slowed processor and tap answers."""
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 740}, is_mobile=True)
    context.add_cookies([{"name": "agenda", "value": session, "url": address}])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path, wait_until="commit")
    page.locator("[data-web-form][data-ready]").wait_for(timeout=120_000)
    seconds = page.evaluate("performance.now()") / 1000
    worked = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}["TaskDuration"]
    page.locator("[data-web-form][data-whole]").wait_for(timeout=120_000)
    whole = page.evaluate("performance.now()") / 1000
    radios = page.locator(".question-container input[type=radio]")
    taps = [radios.nth(2 * number).evaluate(TAP) for number in range(TAPS)]
    context.close()
    return Opened(seconds, worked, whole, taps)


def long_form() -> str:
    """Return the sheets of a questionnaire of 300 questions: ten groups, each second question skipped, a repeat."""
    rows = ["| survey |", "| | type | name | label | relevant | constraint |"]
    for group in range(10):
        rows.append(f"| | begin_group | g{group} | Part {group} | | |")
        for number in range(28):
            name, before = f"q{group}_{number}", f"q{group}_{number - 1}"
            relevant = f"${{{before}}} = 'yes'" if number % 2 else ""
            kind = "integer" if number % 7 == LAST else "select_one yes_no"
            relevant = "" if number % 7 == 0 else relevant
            rows.append(f"| | {kind} | {name} | Question {group}.{number}? | {relevant} | |")
        rows.append("| | end_group | | | | |")
    rows += ["| | begin_repeat | child | Child | | |"]
    rows += [f"| | integer | age_{number} | Age {number} | | . &lt; 110 |".replace("&lt;", "<") for number in range(20)]
    rows += ["| | end_repeat | | | | |", "| choices |", "| | list_name | name | label |", "| | yes_no | yes | Yes |"]
    rows += ["| | yes_no | no | No |", "| settings |", "| | form_id | version |", "| | long | 1 |"]
    return "\n".join(rows)


@contextmanager
def gunicorn() -> Iterator[str]:
    """Run two processes of four threads each; yields their address once they answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    words = ["--workers", "2", "--threads", "4", "--keep-alive", "5", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", "ivp_study.wsgi", "--bind", address, *words]
    server = subprocess.Popen(command, cwd=CHECKOUT)
    try:
        give_up_at = time.monotonic() + 60
        while not answers(address):
            if time.monotonic() > give_up_at:
                raise SystemExit("bench: the web server does not answer")
            time.sleep(0.2)
        yield f"http://{address}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def answers(address: str) -> bool:
    """Say whether a server listens and answers."""
    client = http.client.HTTPConnection(address, timeout=20)
    try:
        client.request("GET", reverse("sign_in"))
        return client.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        client.close()


def chromium() -> str:
    """Return the program of the system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("IVP_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        raise SystemExit("bench: no Chromium found")
    return program
