"""What production starts with."""

import os
import subprocess
import sys

from tests.fixtures.databases import CHECKOUT

PRODUCTION = {
    "IVP_PRODUCTION": "1",
    "IVP_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "IVP_VAULT_KEYS": "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "IVP_AUDIT_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "IVP_HOSTS": "agenda.example.org",
    "DJANGO_SETTINGS_MODULE": "ivp_study.settings",
    "IVP_NO_SERVICES": "1",
}


# What the study reads, and what the browser tests ask of Django for their own process only.
LEFT_OUT = ("IVP_", "DATABASE", "REDIS", "DJANGO_ALLOW_ASYNC_UNSAFE")


def check_deploy(environment: dict[str, str]) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    without = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return subprocess.run(
        command, cwd=CHECKOUT, env={**without, **environment}, capture_output=True, text=True, check=False
    )


def test_deployment_check_finds_nothing():
    done = check_deploy(PRODUCTION)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_production_without_a_key_does_not_start():
    done = check_deploy({name: value for name, value in PRODUCTION.items() if name != "IVP_SECRET_KEY"})
    assert done.returncode != 0
    assert "IVP_SECRET_KEY is missing: production needs it in the environment" in done.stderr
