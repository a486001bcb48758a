"""The whole study on one machine: database, frame, scale, synthetic year, web, worker and beat, until Ctrl-C."""

import hashlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from monitoring.services import Backup, record_backup
from participants.models import Participant
from simulation import processes
from simulation.groundwork import SIMULATION, lay_consent_text, lay_directory, lay_instruments, lay_protocol, lay_scale
from simulation.load_locks import load_locks
from simulation.load_plan import ask_panel, lock_shipped_plan
from simulation.loader import load_study, plan_ahead
from simulation.team import DEMO_PASSWORD, OFFICE_LOGINS, POLICE_LOGINS, Login, create_office_accounts
from simulation.world import WorldSettings, write_truth

FULL_DATABASE, EMPTY_DATABASE = "ivp", "ivp_empty"
DEMO_SEED = 2017

_MANAGE = Path(settings.BASE_DIR) / "manage.py"
_SECONDS_TO_ANSWER = 60.0

Say = Callable[[str], None]


class DemoFailed(Exception):
    """The demo cannot start; one line says why."""


def choose_database(name: str) -> None:
    """Let this process and all it starts use one of the demo's databases, with a queue of its own."""
    os.environ["IVP_DB_NAME"] = name
    os.environ["IVP_QUEUE"] = f"{name}:"
    connection.close()
    connection.settings_dict["NAME"] = name


def drop_and_create(name: str) -> None:
    """Drop a demo database with all that is in it and make it anew. Raises DemoFailed."""
    connection.close()
    _manage_as_owner("demo_database", name, "--drop-first")


def migrate(say: Say) -> None:
    """Bring the schema up to date as the owner, making the database first if it is missing. Raises DemoFailed."""
    if not os.environ.get("DATABASE_URL"):
        _manage_as_owner("demo_database", connection.settings_dict["NAME"])
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if plan:
        say(f"migrating ({len(plan)} steps)")
        _manage_as_owner("migrate", "--verbosity", "0")


def start_services(port: int, *, log_folder: Path) -> list[processes.Child]:
    """Start the web server (two workers), one Celery worker (two processes) and beat; return them running."""
    environment = os.environ.copy()
    python, name = sys.executable, connection.settings_dict["NAME"]
    celery = (python, "-m", "celery", "-A", "ivp_study")
    schedule = Path(settings.VAR_DIR) / "run" / f"beat-{name}"
    commands: dict[str, Sequence[str]] = {
        "web": (
            python,
            "-m",
            "gunicorn",
            "ivp_study.wsgi",
            "--preload",
            "--workers",
            "2",
            "--bind",
            f"127.0.0.1:{port}",
        ),
        "worker": (*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--hostname", f"{name}@%h"),
        "beat": (*celery, "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""),
    }
    children: list[processes.Child] = []
    for part, command in commands.items():
        log = log_folder / f"{part}.log"
        children.append(processes.start_child(part, command, log=log, environment=environment))
    return children


def wait_until_it_answers(port: int, children: Sequence[processes.Child], received: Sequence[int]) -> None:
    """Wait for the sign-in page. Raises ChildDied, or DemoFailed after a minute."""
    give_up_at = time.monotonic() + _SECONDS_TO_ANSWER
    while not received:
        processes.check_children(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/entrar/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if time.monotonic() > give_up_at:
                message = f"the web server does not answer on port {port} ({error}); see {children[0].log}"
                raise DemoFailed(message) from error
        time.sleep(0.2)


def login_table(logins: Sequence[Login]) -> list[str]:
    """Return the lines that say who may sign in and what for."""
    width = max(len(login.username) for login in logins)
    return [f"  {login.username:<{width}}  {login.role.label}: {login.what}" for login in logins]


def welcome(port: int, *, is_empty: bool) -> list[str]:
    """Return what the demo prints when it is up."""
    logins = OFFICE_LOGINS if is_empty else (*POLICE_LOGINS, *OFFICE_LOGINS)
    return [
        "",
        f"  http://127.0.0.1:{port}/",
        "",
        f"  Password of all accounts: {DEMO_PASSWORD}",
        "",
        *login_table(logins),
        "",
        "  Synthetic data: no woman and no result is real. Ctrl-C stops everything.",
        "",
    ]


def prepare_full(say: Say) -> None:
    """Simulate the default study where there is none yet, and plan this week and the next."""
    now = timezone.now()
    if Participant.objects.exists():
        say("the synthetic study is there already: planning this week and the next")
        with transaction.atomic():
            plan_ahead(now=now)
    else:
        settings_of_demo = WorldSettings(seed=DEMO_SEED, as_of=timezone.localdate(now))
        loaded = load_study(settings_of_demo, now=now, say=say)
        with transaction.atomic():
            report_backup(now=now)
            ask_panel(now=now)
            say(f"locked {load_locks(now=now, password=DEMO_PASSWORD)} parts of the data")
        write_truth(settings_of_demo, Path(settings.VAR_DIR) / "simulation" / "truth.json")
        say(f"{loaded.women} women, {loaded.visits} visits")
    if lock_shipped_plan(now=now):
        say("locked the plan of the analysis")


def report_backup(*, now: datetime) -> None:
    """Tell the study of an invented backup of last night, so that its pages show how that looks."""
    night = timezone.localtime(now).replace(hour=3, minute=0, second=0, microsecond=0)
    made_at = night if night < now else night - timedelta(days=1)
    restored_on = timezone.localdate(now) - timedelta(days=20)
    backup = Backup(made_at, 1_234_567_890, "invented", hashlib.sha256(b"invented").hexdigest(), restored_on)
    record_backup(by=SIMULATION, backup=backup, now=now)


def prepare_empty(say: Say) -> None:
    """Load protocol and scale, and make the accounts that belong to no station: the administrator starts from there."""
    now = timezone.now()
    lay_protocol(by=SIMULATION, now=now)
    lay_scale(by=SIMULATION, now=now)
    lay_instruments(by=SIMULATION, now=now)
    lay_consent_text(by=SIMULATION, now=now)
    lay_directory(by=SIMULATION, now=now)
    create_office_accounts(by=SIMULATION)
    say("accounts, protocol, scale and questionnaire are there; no station yet")


def _manage_as_owner(*words: str) -> None:
    _run((sys.executable, str(_MANAGE), *words), {**os.environ, "IVP_DB_ROLE": "owner"})


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last_line = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        message = f"{' '.join(command[1:3])} failed: {last_line}"
        raise DemoFailed(message)
