"""The README says what is there."""

import re

from django.core.management import get_commands

from tests.fixtures.databases import CHECKOUT

README = (CHECKOUT / "README.md").read_text()
MAKEFILE = (CHECKOUT / "Makefile").read_text()
COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()


def test_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", README))
    assert named - targets == set()


def test_commands_exist():
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]
    named = {words.split()[0] for row in rows for words in re.findall(r"`([a-z]+_[a-z_]+|estimate)\b", row)}
    assert len(named) >= 8
    assert named - set(get_commands()) - {"ivp_study", "data_protection", "back_checks", "data_lock"} == set()


def test_files_and_pictures_exist():
    linked = re.findall(r"\]\(([^)]+)\)", README)
    assert [path for path in linked if not (CHECKOUT / path).exists()] == []


def test_settings_of_production_are_named():
    required = set(re.findall(r"\$\{(IVP_[A-Z_]+)", COMPOSE))
    assert [name for name in sorted(required) if name not in README] == []


def test_it_is_one_page():
    assert README.count("\n") <= 80
