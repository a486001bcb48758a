"""What every test stands on: a migrated template, databases cloned from it, real worker, web server and browser."""

import pytest

from tests.requirements import check_requirement_marks

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.processes", "tests.fixtures.browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    check_requirement_marks(items)
