"""What is kept ready for every request holds nothing of the first one: no person, no day, no moment."""

import importlib

import pytest
from django.db.models import Model

from accounts.permissions import Permission
from accounts.ready_queries import ReadyQuery
from accounts.roles import Role
from participants.consent_scopes import SCOPE_OF
from tests.architecture.code import app_files, place

CODES = {*Role.values, *Permission, *map(str, SCOPE_OF.values())}
# The study has one zone, and what is asked whether it exists is asked as "select 1".
OTHERS = {"America/Lima", 1}


def kept_ready() -> dict[str, ReadyQuery[Model]]:
    """Return every query that a module keeps ready, by where it stands."""
    modules = [place(file).removesuffix(".py") for file in app_files() if "ReadyQuery(" in file.read_text()]
    names = [module.removesuffix("/__init__").replace("/", ".") for module in modules]
    return {
        f"{name}.{called}": value
        for name in names
        for called, value in vars(importlib.import_module(name)).items()
        if isinstance(value, ReadyQuery)
    }


@pytest.mark.django_db
def test_constants_are_codes_and_yes_or_no():
    found = {name: query._written.statement._constants for name, query in kept_ready().items()}
    assert len(found) > 10
    odd = {
        name: strange
        for name, constants in found.items()
        if (strange := [one for one in constants if not isinstance(one, bool) and one not in CODES | OTHERS])
    }
    assert odd == {}


@pytest.mark.django_db
def test_no_query_asks_the_database_for_its_clock():
    for name, query in kept_ready().items():
        said = query._written.statement.sql.upper()
        assert not [word for word in ("NOW()", "CURRENT_", "STATEMENT_TIMESTAMP", "CLOCK_") if word in said], name
