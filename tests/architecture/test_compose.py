"""The compose file: complete, healthy, closed to the network, and the same database as the private one."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from ivp_study.private_servers import EXTENSIONS, POSTGRES_SETTINGS, _template_sql
from tests.fixtures.databases import CHECKOUT

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
ROLES_SCRIPT = (CHECKOUT / "scripts" / "postgres_roles.sh").read_text()
SECRETS = {
    "IVP_HOSTS": "agenda.example.org",
    "IVP_ORIGINS": "https://agenda.example.org",
    **dict.fromkeys(
        ["IVP_SECRET_KEY", "IVP_VAULT_KEYS", "IVP_AUDIT_KEY", "IVP_APP_PASSWORD", "IVP_OWNER_PASSWORD",
         "IVP_POSTGRES_PASSWORD", "IVP_QUEUE_PASSWORD"], "x"
    ),
}  # fmt: skip


def has_compose() -> bool:
    if not shutil.which("docker"):
        return False
    asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return asked.returncode == 0


def test_everything_the_study_runs_is_there():
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_service_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_study_starts_after_the_migrations_and_these_after_the_database():
    assert {name: SERVICES[name]["depends_on"]["migrate"]["condition"] for name in ("web", "worker", "beat")} == (
        dict.fromkeys(("web", "worker", "beat"), "service_completed_successfully")
    )
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_only_the_web_is_published_and_only_to_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_no_secret_is_written_down():
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|KEY|_URL", name):
                assert "${" in value, name


def test_only_the_migrations_know_the_owner_of_the_tables():
    assert [name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service["environment"]] == ["migrate"]


def test_roles_are_granted_what_the_private_server_grants():
    passwords = dict.fromkeys(("postgres", "ivp_owner", "ivp_app"), "")
    granted = [line for line in _template_sql(passwords).splitlines() if line.startswith(("GRANT", "ALTER DEFAULT"))]
    assert [line for line in granted if f"{line};" not in ROLES_SCRIPT] == []
    assert [name for name in EXTENSIONS if f"CREATE EXTENSION {name};" not in ROLES_SCRIPT] == []


def test_database_is_set_as_the_private_one_that_is_measured():
    given = dict(word.split("=", 1) for word in SERVICES["postgres"]["command"].split() if "=" in word)
    apart = {"listen_addresses", "unix_socket_directories"}
    assert given == {name: value for name, value in POSTGRES_SETTINGS.items() if name not in apart}


@pytest.mark.skipif(not has_compose(), reason="this machine has no docker compose")
def test_docker_compose_accepts_the_file():
    command = ["docker", "compose", "--file", "docker-compose.yml", "config", "--quiet"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env={**os.environ, **SECRETS}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
