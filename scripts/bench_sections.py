"""What `scripts/bench.py` measures: each section returns its figure, what was promised, and a plain baseline."""

import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from bench_allocation import allocation
from bench_api import api
from bench_assignment import assignment
from bench_estimates import estimates
from bench_exactly_once import exactly_once
from bench_interviews import interviews
from bench_panel import panel, panel_week, visit_logs
from bench_phone import phone
from bench_planning import national, plan, replan
from bench_quality import quality
from bench_report import report
from bench_reports import reports
from bench_scores import scores
from bench_scoring import scoring
from bench_stations import frame
from bench_study import CHECKOUT, Result, signed_in, study
from bench_submissions import submissions
from bench_surveys import form
from bench_sync import sync
from bench_visits import visits
from bench_watching import watching
from django.db import connection
from django.urls import reverse

from visits.models import Visit


def simulate() -> Result:
    """Load the default world into an empty, migrated database. Promised: under 30 s."""
    with study() as seconds:
        return {"seconds": round(seconds, 2), "women": 1600, "visits": Visit.objects.count(), "promised_seconds": 30}


def page() -> Result:
    """Add up what an officer's phone loads on first opening her list. Promised: under 150 kB."""
    with study():
        session = signed_in("oficial").cookies["agenda"].value
        connection.close()
        with web_server() as address:
            sizes = dict(transferred(address, reverse("visit_list"), cookie=f"agenda={session}"))
    total = sum(sizes.values())
    return {"kilobytes": round(total / 1000, 1), "promised_kilobytes": 150, "parts_in_bytes": sizes}


@contextmanager
def web_server() -> Iterator[str]:
    """Run gunicorn as the demo does; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "ivp_study.wsgi", "--bind", address, "--log-level", "error"]
    server = subprocess.Popen(command, cwd=CHECKOUT)
    try:
        yield f"http://{address}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def transferred(address: str, path: str, *, cookie: str) -> Iterator[tuple[str, int]]:
    """Yield the path and the bytes on the wire (compressed, with headers) of a page and all that it loads at once."""
    body, size = fetch(address, path, cookie=cookie)
    yield path, size
    found = re.findall(rb'(?:<link[^>]+href|<script[^>]+src|<img[^>]+src)="([^"]+)"', body)
    seen: set[str] = set()
    waiting = [urljoin(path, link.decode()) for link in found]
    while waiting:
        link = waiting.pop(0)
        if link in seen or link.startswith(("http", "data:")):
            continue
        seen.add(link)
        body, size = fetch(address, link, cookie=cookie)
        yield link, size
        if link.endswith((".css", ".js")):
            imports = re.findall(rb'(?:url\(|@import |from |import )["\']?([^"\')\s;]+)', body)
            waiting += [urljoin(link, name.decode()) for name in imports if name.startswith((b".", b"/"))]


def fetch(address: str, path: str, *, cookie: str) -> tuple[bytes, int]:
    """Return a response's body, uncompressed, and the bytes that it took on the wire."""
    host = address.removeprefix("http://")
    give_up_at = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection(host, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            break
        except ConnectionRefusedError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise SystemExit(f"bench: {path} answers {response.status}")
    body = response.read()
    headers = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    plain = gzip.decompress(body) if response.getheader("Content-Encoding") == "gzip" else body
    return plain, len(body) + headers


def start() -> Result:
    """Start the demo from nothing, and again. Promised: under 90 s and under 15 s."""
    var = CHECKOUT / "var" / "bench-start"
    shutil.rmtree(var, ignore_errors=True)
    first, second = seconds_to_ready(var), seconds_to_ready(var)
    shutil.rmtree(var, ignore_errors=True)
    return {
        "first_seconds": first,
        "promised_first_seconds": 90,
        "second_seconds": second,
        "promised_second_seconds": 15,
    }


def seconds_to_ready(var: Path) -> float:
    """Run the demo until it says that it is ready, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "IVP_VAR": str(var)}
    environment.pop("IVP_DB_NAME", None)
    started = time.perf_counter()
    command = [sys.executable, str(CHECKOUT / "manage.py"), "demo", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as demo:
        ready = any(line.rstrip().endswith("] ready") for line in demo.stdout or ())
        seconds = time.perf_counter() - started
        demo.send_signal(signal.SIGTERM)
        demo.communicate()
    if not ready:
        raise SystemExit("bench: the demo did not get ready")
    return round(seconds, 1)


SECTIONS: dict[str, Callable[[], Result]] = {
    "simulate": simulate,
    "frame": frame,
    "allocation": allocation,
    "visits": visits,
    "reports": reports,
    "scoring": scoring,
    "scores": scores,
    "form": form,
    "submissions": submissions,
    "plan": plan,
    "replan": replan,
    "national": national,
    "assignment": assignment,
    "interviews": interviews,
    "sync": sync,
    "exactly_once": exactly_once,
    "panel": panel,
    "api": api,
    "estimates": estimates,
    "report": report,
    "panel_week": panel_week,
    "visit_logs": visit_logs,
    "quality": quality,
    "watching": watching,
    "page": page,
    "phone": phone,
    "start": start,
}
