"""Children of the demo: stopped in order, noticed when they die, gone when the demo is killed."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from simulation import processes
from tests.locks import wait_until

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(processes.PortTaken) as refused:
            processes.check_port_is_free(port)
    assert str(refused.value) == f"port {port} on 127.0.0.1 is taken: choose another, for example --port {port + 1}"
    processes.check_port_is_free(port)


def test_children_are_stopped_with_what_they_started(tmp_path: Path) -> None:
    parent = (sys.executable, "-c", f"import subprocess, time; subprocess.Popen({list(SLEEPER)!r}); time.sleep(600)")
    child = processes.start_child("web", parent, log=tmp_path / "web.log", environment=os.environ)
    family = wait_for_children(child.process.pid)
    processes.stop_children([child])
    assert child.process.returncode == -signal.SIGTERM
    assert gone(family)


def test_a_child_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_SECONDS_TO_STOP", 0.3)
    log = tmp_path / "w.log"
    child = processes.start_child("worker", STUBBORN, log=log, environment=os.environ)
    assert wait_until(lambda: log.read_text() == "deaf\n")
    processes.stop_children([child])
    assert child.process.returncode == -signal.SIGKILL


def test_a_dead_child_is_named_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "beat.log"
    command = (sys.executable, "-c", "print('last words'); raise SystemExit(3)")
    child = processes.start_child("beat", command, log=log, environment=os.environ)
    child.process.wait()
    with pytest.raises(processes.ChildDied) as died:
        processes.watch_children([child], [])
    assert str(died.value) == f"beat ended by itself (status 3); its last words are in {log}"
    assert log.read_text() == "last words\n"


def test_a_signal_ends_the_watch_and_handlers_come_back(tmp_path: Path) -> None:
    child = processes.start_child("web", SLEEPER, log=tmp_path / "web.log", environment=os.environ)
    before = signal.getsignal(signal.SIGTERM)
    with processes.stop_requested() as received:
        os.kill(os.getpid(), signal.SIGTERM)
        processes.watch_children([child], received)
    assert received == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) == before
    processes.stop_children([child])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with a killed parent")
def test_children_end_when_the_demo_is_killed_outright(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from simulation import processes; "
        f"child = processes.start_child('web', {list(SLEEPER)!r}, log=Path({str(tmp_path / 'l')!r}), "
        "environment=os.environ); print(child.process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        orphan = psutil.Process(int(demo.stdout.readline()))
        demo.kill()
    assert gone([orphan])


def wait_for_children(pid: int) -> list[psutil.Process]:
    assert wait_until(psutil.Process(pid).children), "the child started nothing"
    return psutil.Process(pid).children()


def gone(family: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(family, timeout=60)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
