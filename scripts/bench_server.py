"""A web server as the image runs it, the load that is sent to it, and what both take of the processor."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench_study import CHECKOUT, Result
from django.conf import settings

# A worker for each core, threads as in the image: more of them only wait for one another.
WORKERS, THREADS = 2, 4
CONCURRENCIES = (8, 32)


_gunicorn: list[int] = []


@contextmanager
def served() -> Iterator[int]:
    """Serve the study with gunicorn as the image does with WEB_CONCURRENCY=2, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "ivp_study.wsgi",
        "--preload",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(WORKERS),
        "--threads",
        str(THREADS),
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *words, "--keep-alive", "60", "--log-level", "error"], cwd=CHECKOUT
    )
    _gunicorn.append(server.pid)
    try:
        wait_for(port)
        yield port
    finally:
        _gunicorn.remove(server.pid)
        server.send_signal(signal.SIGTERM)
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("bench: gunicorn did not come up")


def sent(port: int, lanes: list[list[str]]) -> Result:
    """Let the generator send the lanes."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "load.json"
        spec.write_text(json.dumps({"port": port, "lanes": lanes}))
        script = CHECKOUT / "scripts" / "bench_load.py"
        done = subprocess.run([sys.executable, str(script), str(spec)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def processor_seconds() -> float:
    """Return what gunicorn and PostgreSQL took of the processor until now, their ended children included."""
    postmaster = int((settings.VAR_DIR / "postgres" / "postmaster.pid").read_text().split()[0])
    return sum(_ticks(pid) for pid in (postmaster, *_gunicorn)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_own_ticks(pid)) + sum(_living_ticks(int(child)) for child in children)


def _living_ticks(child: int) -> int:
    """Return a child's own ticks; one that ended meanwhile (a vacuum of its own accord) counts from now on as ended."""
    try:
        return sum(_own_ticks(child)[:2])
    except FileNotFoundError:
        return 0


def _own_ticks(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]


def expect(told: Result, statuses: Mapping[str, int]) -> None:
    if told["statuses"] != statuses:
        raise SystemExit(f"bench: answered {told['statuses']}")


def percentiles(latencies: list[float]) -> Result:
    ordered = sorted(latencies)
    return {f"p{share}_ms": round(ordered[int(share / 100 * (len(ordered) - 1))], 1) for share in (50, 95)}


def beside(told: Result) -> Result:
    """Say how busy the machine was, and how much of a core the generator itself took."""
    return {
        "load": round(os.getloadavg()[0], 2),
        "generator_share_of_a_core": round(told["own_cpu_seconds"] / told["seconds"], 2),
    }
