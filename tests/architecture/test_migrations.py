"""A fresh database takes the short way of squashed migrations, others the long one: both end in the same place."""

import re

import pytest
from django.contrib.postgres.operations import CreateExtension
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

# What makes part of a schema; statements without it brought older rows along, of which a fresh database has none.
MAKES = re.compile(r"\b(CREATE|DROP|GRANT|REVOKE)\b")
SHORT_WAY = MigrationLoader(None)
LONG_WAY = MigrationLoader(None, replace_migrations=False)
SQUASHED = sorted(key for key, migration in SHORT_WAY.disk_migrations.items() if "_squashed_" in key[1])


def test_both_ways_know_the_same_models():
    ends = [key for key in LONG_WAY.graph.leaf_nodes() if key not in SQUASHED]
    compared = MigrationAutodetector(LONG_WAY.project_state(ends), SHORT_WAY.project_state())
    assert compared.changes(graph=SHORT_WAY.graph) == {}


@pytest.mark.parametrize(("app", "name"), SQUASHED)
def test_both_ways_run_the_same_statements_on_the_schema(app, name):
    squashed = SHORT_WAY.disk_migrations[app, name]
    replaced = [LONG_WAY.disk_migrations[key] for key in squashed.replaces]
    assert statements(squashed) == [statement for migration in replaced for statement in statements(migration)]


@pytest.mark.parametrize(("app", "name"), SQUASHED)
def test_both_ways_ask_for_the_same_extensions(app, name):
    squashed = SHORT_WAY.disk_migrations[app, name]
    replaced = [LONG_WAY.disk_migrations[key] for key in squashed.replaces]
    assert extensions(squashed) == {extension for migration in replaced for extension in extensions(migration)}


def extensions(migration) -> set[str]:
    return {operation.name for operation in migration.operations if isinstance(operation, CreateExtension)}


def statements(migration) -> list[str]:
    operations = [operation for operation in migration.operations if isinstance(operation, RunSQL)]
    return [operation.sql for operation in operations if MAKES.search(str(operation.sql))]
