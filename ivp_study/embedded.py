"""The private PostgreSQL and Valkey under var/, for machines that bring no servers of their own.

Every process of a checkout shares one pair. Each registers itself while it lives; whoever is the last to leave stops
the servers, so a command never loses them under its hands, and what a killed process left running is used and
stopped by the next.
"""

import atexit
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivp_study.private_servers import APP_ROLE, HOST, OWNER_ROLE, EmbeddedError, Postgres, Valkey, started

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK_TIMEOUT_S = 120.0

PLACEHOLDER_DATABASE = f"postgres://nobody@{HOST}:1/none"
PLACEHOLDER_REDIS = f"redis://{HOST}:1/0"


@dataclass(frozen=True)
class Urls:
    """Where the study's servers are: the application's role, the owner's role, the queue."""

    database: str
    owner_database: str
    redis: str


class Server(Protocol):
    """One private server, known by its folder."""

    def port(self) -> int | None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


def resolve_urls() -> Urls:
    """Return the servers that the environment names; start, or join, the private ones for what it does not name.

    IVP_NO_SERVICES=1 answers with addresses where nobody listens, for checks that only import the settings.
    """
    database = os.environ.get("DATABASE_URL", "")
    redis = os.environ.get("REDIS_URL", "")
    if os.environ.get("IVP_NO_SERVICES") == "1":
        database, redis = database or PLACEHOLDER_DATABASE, redis or PLACEHOLDER_REDIS
    postgres, valkey = Postgres(var_folder()), Valkey(var_folder())
    wanted: list[Server] = [server for server, url in ((postgres, database), (valkey, redis)) if not url]
    if wanted:
        join(var_folder(), wanted)
    return Urls(
        database=database or postgres.url(APP_ROLE),
        owner_database=os.environ.get("DATABASE_OWNER_URL", "") or database or postgres.url(OWNER_ROLE),
        redis=redis or valkey.url(),
    )


def var_folder() -> Path:
    """Return the folder of everything that this checkout makes while it runs (IVP_VAR, else var/)."""
    return Path(os.environ.get("IVP_VAR") or CHECKOUT / "var").resolve()


# --- Sharing ---------------------------------------------------------------------------------------------------------


def join(var: Path, servers: list[Server]) -> None:
    """Register this process and start those of the servers that do not run. Raises EmbeddedError."""
    with _locked(var):
        for server in servers:
            if server.port() is None:
                server.start()
        ticket = _clients(var) / str(os.getpid())
        if not ticket.exists() or ticket.read_text() != started(os.getpid()):
            ticket.write_text(started(os.getpid()))
            atexit.register(_leave_at_exit, var, os.getpid())


def leave(var: Path) -> None:
    """Take this process off the register, and stop the servers if nobody else is on it."""
    with _locked(var):
        (_clients(var) / str(os.getpid())).unlink(missing_ok=True)
        if not live_clients(var):
            stop_servers(var)


def live_clients(var: Path) -> list[int]:
    """Return the ids of the registered processes that still live; forget the others."""
    alive = []
    for ticket in _clients(var).iterdir():
        if ticket.read_text() == started(int(ticket.name)):
            alive.append(int(ticket.name))
        else:
            ticket.unlink()
    return sorted(alive)


def stop_servers(var: Path) -> None:
    """Stop what runs of the two servers."""
    servers: tuple[Server, ...] = (Valkey(var), Postgres(var))
    for server in servers:
        if server.port() is not None:
            server.stop()


def _leave_at_exit(var: Path, pid: int) -> None:
    # A forked child inherits the handler but not the ticket.
    if os.getpid() == pid and var.is_dir():
        leave(var)


def _clients(var: Path) -> Path:
    folder = var / "run" / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    try:
        (var / "run").mkdir(parents=True, exist_ok=True)
        lock = (var / "run" / "lock").open("a")
    except OSError as error:
        message = f"cannot write in {var} ({error.strerror}): set IVP_VAR to a folder that this account may write"
        raise EmbeddedError(message) from error
    with lock:
        give_up_at = time.monotonic() + LOCK_TIMEOUT_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    message = f"another process has been starting or stopping the servers for {LOCK_TIMEOUT_S:.0f} s: "
                    raise EmbeddedError(message + f"see who holds {var / 'run' / 'lock'}") from None
                time.sleep(0.02)
        yield


# --- Command line ----------------------------------------------------------------------------------------------------


def main(words: list[str]) -> int:
    """Answer `python -m ivp_study.embedded status|stop|erase`; return the exit status."""
    var = var_folder()
    with _locked(var):
        clients = live_clients(var)
        ports = {"PostgreSQL": Postgres(var).port(), "Valkey": Valkey(var).port()}
        if words == ["status"]:
            for name, port in ports.items():
                print(f"{name}: {f'{HOST}:{port}' if port else 'not running'}")
            print(f"used by processes: {', '.join(map(str, clients)) or 'none'}")
            return 0
        if words not in (["stop"], ["erase"]):
            message = "expected one word: status, stop or erase"
            raise EmbeddedError(message)
        if clients:
            message = f"still used by process {', '.join(map(str, clients))}: stop that first"
            raise EmbeddedError(message)
        stop_servers(var)
        if words == ["erase"]:
            shutil.rmtree(var / "postgres", ignore_errors=True)
            shutil.rmtree(var / "valkey", ignore_errors=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as error:
        print(f"embedded servers: {error}", file=sys.stderr)
        sys.exit(2)
