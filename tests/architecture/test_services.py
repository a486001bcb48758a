"""Services are the only writers, and each leaves its trace."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.code import app_files, called_name, functions, layer_files, layer_of, parsed, place

WRITES = {
    "abulk_create", "acreate", "adelete", "asave", "aupdate", "bulk_create", "bulk_update", "create", "delete",
    "get_or_create", "save", "update_or_create",
}  # fmt: skip
WRITING_SQL = re.compile(r"^\s*(WITH\b.*\b)?(INSERT|UPDATE|DELETE|TRUNCATE|COPY)\b", re.DOTALL)
# COPY goes both ways: this one takes rows out.
COPIES_OUT = {"panel/formats/writing.py"}
SERVICES = [
    pytest.param(file, node, id=f"{place(file)}:{node.name}")
    for file in layer_files("services")
    for node in parsed(file).body
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    if "by" in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
]


def may_write(file: Path) -> bool:
    # The simulation writes in bulk by design; the audit is written by its own service; documents save no rows.
    return layer_of(file) == "services" or bool({"simulation", "documents"} & set(file.parts))


def is_write(call: ast.Call) -> bool:
    name = called_name(call)
    if not isinstance(call.func, ast.Attribute):
        return False
    if name == "update":  # of a queryset: fields by keyword; of a dict, a set or a hash: one value
        return bool(call.keywords) and not call.args
    return name in WRITES


def test_only_services_write():
    writes = [
        f"{place(file, node)} .{called_name(node)}("
        for file in app_files()
        if not may_write(file)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and is_write(node)
    ]
    assert writes == []


def test_only_services_hold_sql_that_writes():
    found = [
        place(file, node)
        for file in app_files()
        if not may_write(file) and place(file) not in COPIES_OUT
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.match(node.value)
    ]
    assert found == []


@pytest.mark.parametrize(("file", "service"), SERVICES)
def test_service_takes_keywords_in_one_transaction_and_leaves_an_audit_row(file: Path, service: ast.FunctionDef):
    assert service.args.args == []
    assert "atomic" in {part for decorator in service.decorator_list for part in decorator_words(decorator)}
    assert "record" in calls_within(file, service)


def decorator_words(decorator: ast.expr) -> list[str]:
    return [node.attr if isinstance(node, ast.Attribute) else node.id for node in ast.walk(decorator)
            if isinstance(node, ast.Attribute | ast.Name)]  # fmt: skip


def calls_within(file: Path, function: ast.FunctionDef) -> set[str]:
    """The names that a function calls, itself and through functions of its module."""
    own = {node.name: node for node in functions(file)}
    called: set[str] = set()
    waiting = [function]
    while waiting:
        new = {called_name(node) for node in ast.walk(waiting.pop()) if isinstance(node, ast.Call)} - called
        called |= new
        waiting.extend(own[name] for name in new & own.keys())
    return called
