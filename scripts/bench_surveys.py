"""What is promised about questionnaires: a long form on a slow phone, and submissions by OpenRosa."""

import base64
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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from threading import local
from typing import NamedTuple
from uuid import uuid4

from bench_study import CHECKOUT, Result, analyse, owner_cursor, signed_in, study
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from simulation.groundwork import SIMULATION
from surveys.models import Instrument, Submission
from surveys.openrosa import case_form_id
from surveys.queries import form_rules_of
from surveys.services import load_instrument, make_collect_key
from surveys.xforms.writing import written_submission

QUESTIONS, SLOWER, LOADS, TAPS = 300, 4, 3, 20
EACH, CONCURRENCY = 1_000, (8, 32)
# In the form each seventh question asks for a number.
LAST = 6
# Every case is due again, and nothing was answered yet.
DUE_AGAIN = """
    DELETE FROM surveys_dataquery;
    DELETE FROM surveys_submission;
    UPDATE surveys_surveycase SET status = 'due', missed_reason = '', due_on = current_date,
        window_from = current_date - 1, window_until = current_date + 14;
"""
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


def submissions() -> Result:
    """Send surveys one by one as ODK Collect does. Promised: 200 a second accepted and checked."""
    with study():
        bodies, keys = prepared()
        connection.close()
        with gunicorn() as address:
            for body, key in zip(bodies[:64], keys[:64], strict=True):
                post(address, body, key)
            rest, found = 64, {}
            for clients in CONCURRENCY:
                found[f"at_{clients}"] = sent(address, bodies[rest : rest + EACH], keys[rest : rest + EACH], clients)
                rest += EACH
        kept = Submission.objects.count()
    return {**found, "kept": kept, "processes": 2, "threads": 4, "each_bytes": len(bodies[0])}


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


def prepared() -> tuple[list[bytes], list[str]]:
    """Return as many surveys as are sent, as their requests' bodies, and the key of whoever sends each."""
    wanted = 64 + EACH * len(CONCURRENCY)
    stored = Submission.objects.select_related("case__participant").filter(
        case__participant__status="enrolled", case__participant__interviewer__isnull=False
    )
    taken = list(stored.order_by("pk")[:wanted])
    asked = Instrument.objects.listed().in_bulk({one.instrument_id for one in taken})
    bodies = []
    for one in taken:
        form = form_rules_of(asked[one.instrument_id]).form
        answers = {**one.answers, "child_danger": "no"}
        written = written_submission(form, answers, instance_id=f"uuid:{uuid4()}").decode()
        code = asked[one.instrument_id].code
        bodies.append(multipart(written.replace(f'id="{code}"', f'id="{case_form_id(code, one.case_id)}"', 1)))
    people = User.objects.in_bulk({one.case.participant.interviewer_id for one in taken})
    keys = {pk: basic(user, make_collect_key(by=user, now=timezone.now())) for pk, user in people.items()}
    with owner_cursor() as cursor:
        cursor.execute(DUE_AGAIN)
    analyse()
    return bodies, [keys[one.case.participant.interviewer_id] for one in taken]


def basic(user: User, token: str) -> str:
    """Return what a request shows of a key."""
    return "Basic " + base64.b64encode(f"{user.username}:{token}".encode()).decode()


def multipart(xml: str) -> bytes:
    """Return a submission as the body of its request."""
    head = 'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\nContent-Type: text/xml'
    return f"--bench\r\n{head}\r\n\r\n{xml}\r\n--bench--\r\n".encode()


def sent(address: str, bodies: list[bytes], keys: list[str], clients: int) -> Result:
    """Send submissions with so many at once; return how many a second, and how long each took."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = sorted(pool.map(lambda pair: post(address, *pair), zip(bodies, keys, strict=True)))
    seconds = time.perf_counter() - began
    return {
        "requests_a_second": round(len(bodies) / seconds, 1),
        "milliseconds_each": round(1000 * seconds / len(bodies), 2),
        "promised_milliseconds_each": 5,
        "p50_milliseconds": round(1000 * statistics.median(took), 1),
        "p95_milliseconds": round(1000 * took[int(0.95 * (len(took) - 1))], 1),
    }


_held = local()


def post(address: str, body: bytes, key: str) -> float:
    """Send one submission over this thread's connection; return the seconds until its answer."""
    began = time.perf_counter()
    client = getattr(_held, "client", None)
    if client is None or _held.address != address:
        client = _held.client = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        _held.address = address
    headers = {"Authorization": key, "Content-Type": "multipart/form-data; boundary=bench"}
    client.request("POST", reverse("openrosa_submission"), body, headers)
    answer = client.getresponse()
    said = answer.read()
    if answer.status != HTTPStatus.CREATED:
        raise SystemExit(f"bench: a submission is answered {answer.status}: {said.decode()[:300]}")
    return time.perf_counter() - began


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
