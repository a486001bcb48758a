"""Set-up on a bare machine: what it needs is pinned, and each failure is one line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.databases import CHECKOUT

LOCKS = sorted(CHECKOUT.glob("requirements*.txt"))
# Tells the script another version than that of the Python that reads it.
AS_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2)
sys.argv = ["setup.py"]
runpy.run_path("scripts/setup.py", run_name="__main__")
"""


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/setup.py", "requirements-bootstrap.txt"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    return tmp_path


def run_setup(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *(words or ("scripts/setup.py",))]
    return subprocess.run(
        command, cwd=checkout, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_python_package_is_pinned_with_hashes(lock):
    text = lock.read_text().replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert packages != []
    assert [line for line in packages if not re.match(r"[\w.\-\[\]]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_front_end_packages_are_pinned_and_come_from_no_private_place():
    packages = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    others = {name: package for name, package in packages.items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in others.values())
    public = "https://registry.npmjs.org/"
    assert all(package.get("resolved", public).startswith(public) for package in others.values())


def test_python_that_is_too_old_is_one_clear_line(bare_checkout):
    done = run_setup(bare_checkout, "-c", AS_OLD_PYTHON)
    assert (done.returncode, done.stderr) == (
        2,
        "setup: Python 3.9 is too old: install Python 3.11 or newer, then make PYTHON=python3.11\n",
    )


def test_download_that_fails_is_one_clear_line(bare_checkout):
    done = run_setup(bare_checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("setup: could not download uv: check the network and run this again (python said: ")


def test_unknown_word_is_one_clear_line():
    done = run_setup(CHECKOUT, "scripts/setup.py", "--fast")
    assert (done.returncode, done.stderr) == (2, "setup: expected nothing or --dev\n")
