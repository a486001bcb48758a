"""What every test stands on: a migrated template, databases cloned from it, real worker, web server and browser."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.middleware import csrf
from django.utils import translation

from tests.requirements import check_requirement_marks

pytest_plugins = [
    "tests.fixtures.clock",
    "tests.fixtures.databases",
    "tests.fixtures.study",
    "tests.fixtures.processes",
    "tests.fixtures.browser",
]

# A page's tokens are letters by chance: without vowels none of them holds a word that a test looks for on the page.
csrf.CSRF_ALLOWED_CHARS = "BCDFGHJKLMNPQRSTVWXZ"
# How long an example takes, or takes to be made, says how busy the machine is, and nothing about the code.
UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("study", derandomize=True, **UNHURRIED)
# The same code gives the same verdict; `make explore` looks further, each time elsewhere.
hypothesis.settings.register_profile("explore", max_examples=1000, print_blob=True, **UNHURRIED)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "study"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    check_requirement_marks(items)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Read messages as they stand in the code; requests choose their own language."""
    with translation.override("en"):
        yield
