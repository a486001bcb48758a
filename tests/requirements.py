"""The marker that ties a test to the requirement it proves."""

import tomllib
from pathlib import Path

import pytest

REQUIREMENTS_FILE = Path(__file__).resolve().parent.parent / "docs" / "requirements.toml"


def known_requirements() -> frozenset[str]:
    with REQUIREMENTS_FILE.open("rb") as file:
        return frozenset(number for group in tomllib.load(file)["group"] for number in group["requirements"])


def check_requirement_marks(items: list[pytest.Item]) -> None:
    known = known_requirements()
    for item in items:
        for mark in item.iter_markers("requirement"):
            unknown = sorted(set(mark.args) - known)
            if unknown or not mark.args or mark.kwargs:
                message = f"{item.nodeid}: requirement{mark.args} names no number of {REQUIREMENTS_FILE.name}"
                raise pytest.UsageError(message)
