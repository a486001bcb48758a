"""Children of the demo: stopped in order, noticed when they die, gone when the demo is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from simulation import processes

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")


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
    parent = (sys.executable, "-c", f"import subprocess, time; subprocess.Popen({list(SLEEPER)!r}); time.sleep(60)")
    child = processes.start_child("web", parent, log=tmp_path / "web.log", environment=os.environ)
    family = wait_for_children(child.process.pid)
    processes.stop_children([child])
    assert child.process.returncode == -signal.SIGTERM
    assert gone(family)


def test_a_child_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_SECONDS_TO_STOP", 0.3)
    child = processes.start_child("worker", STUBBORN, log=tmp_path / "w.log", environment=os.environ)
    time.sleep(0.4)
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
        "environment=os.environ); print(child.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        orphan = psutil.Process(int(demo.stdout.readline()))
        demo.kill()
    assert gone([orphan])


def wait_for_children(pid: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = psutil.Process(pid).children()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("the child started nothing")


def gone(family: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(family, timeout=10)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
