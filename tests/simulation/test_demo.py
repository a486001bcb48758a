"""The demonstration as people start it: up with one command, down with one key, and never in its own way."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from simulation.demo import login_table, welcome
from simulation.team import OFFICE_LOGINS, POLICE_LOGINS
from tests.fixtures.databases import CHECKOUT
from tests.fixtures.processes import free_port

READY_IN_S = 150


def test_a_taken_port_is_one_line_and_status_2() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with demo_on(port) as demo:
            output, _ = demo.communicate(timeout=READY_IN_S)
    assert demo.returncode == 2
    assert output == f"CommandError: port {port} on 127.0.0.1 is taken: choose another, for example --port {port + 1}\n"


def test_the_welcome_names_one_login_per_role() -> None:
    roles = {login.role for login in (*OFFICE_LOGINS, *POLICE_LOGINS)}
    assert len(roles) == 8
    assert len(login_table(OFFICE_LOGINS)) == 7
    full, empty = "\n".join(welcome(8000, is_empty=False)), "\n".join(welcome(8000, is_empty=True))
    assert "http://127.0.0.1:8000/" in full
    assert "supervisora" in full
    assert "supervisora" not in empty


@pytest.mark.worker
@pytest.mark.requirement("F56")
@pytest.mark.usefixtures("django_db_setup")
def test_the_demonstration_starts_stops_and_starts_again() -> None:
    port = free_port()
    # given an empty study that is up, when its process gets Ctrl-C, then all that it started ends with it
    with demo_on(port, "--reset") as demo:
        family = wait_until_ready(demo)
        assert page_status(port) == 200
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=READY_IN_S) == 0
    assert are_gone(family)
    # given it is up again, when it is killed outright, then nothing stays that would block the next start
    with demo_on(port) as demo:
        family = wait_until_ready(demo)
        demo.kill()
    assert are_gone(family)
    # given it is up once more, when one part dies, then the demo names it, stops the others and fails
    with demo_on(port) as demo:
        family = wait_until_ready(demo)
        next(process for process in family if "beat" in process.cmdline()).kill()
        output, _ = demo.communicate(timeout=READY_IN_S)
        assert demo.returncode == 1
        assert "beat ended by itself (status -9)" in output
    assert are_gone(family)


@contextmanager
def demo_on(port: int, *options: str) -> Iterator[subprocess.Popen]:
    words = ["demo", "--empty", "--port", str(port), *options]
    command = [sys.executable, "-W", "ignore", str(CHECKOUT / "manage.py"), *words]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ivp_study.settings", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        try:
            yield demo
        finally:
            if demo.poll() is None:
                demo.terminate()


def wait_until_ready(demo: subprocess.Popen) -> list[psutil.Process]:
    """Read what the demo says until it is ready; return all the processes it started."""
    said = []
    for line in demo.stdout:
        said.append(line)
        if "Ctrl-C stops everything" in line:
            return psutil.Process(demo.pid).children(recursive=True)
    pytest.fail("the demo did not get ready:\n" + "".join(said))


def page_status(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/entrar/", timeout=READY_IN_S) as response:
        return response.status


def are_gone(family: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(family, timeout=READY_IN_S)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
