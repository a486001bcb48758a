"""Children of the demo: started each in a group of its own, watched, and stopped with whoever started them."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_SET_PARENT_DEATH_SIGNAL = 1
_SECONDS_TO_STOP = 12.0
_SECONDS_BETWEEN_LOOKS = 0.3


class ChildDied(Exception):
    """A child ended by itself; the message says which, how, and where its log is."""


class PortTaken(Exception):
    """Something else listens at the port that was asked for."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} on 127.0.0.1 is taken: choose another, for example --port {port + 1}")


@dataclass(frozen=True, slots=True)
class Child:
    """A running part of the demo and the file that takes what it prints."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def check_port_is_free(port: int) -> None:
    """Make sure that 127.0.0.1:`port` can be listened at. Raises PortTaken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(port) from error


def start_child(name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Child:
    """Start a part in a session of its own, so that Ctrl-C reaches only the demo, which then stops it in order.

    On Linux the kernel ends the child when the demo is killed outright.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - started before threads
        )
    return Child(name, process, log)


def stop_children(children: Sequence[Child]) -> None:
    """Ask the children, last started first, to end; whatever is left after 12 seconds is killed with its group."""
    for child in reversed(children):
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + _SECONDS_TO_STOP
    for child in children:
        try:
            child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_group(child)
            child.process.wait()
        _kill_group(child)


@contextlib.contextmanager
def stop_requested() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM in the list that is given instead of dying by them."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch_children(children: Sequence[Child], received: Sequence[int]) -> None:
    """Return when a signal was received. Raises ChildDied as soon as a child ends by itself."""
    while not received:
        check_children(children)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def check_children(children: Sequence[Child]) -> None:
    """Make sure that all children run. Raises ChildDied."""
    for child in children:
        status = child.process.poll()
        if status is not None:
            message = f"{child.name} ended by itself (status {status}); its last words are in {child.log}"
            raise ChildDied(message)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _kill_group(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
