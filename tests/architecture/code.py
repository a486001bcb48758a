"""The project's own Python code, parsed, for tests that quantify over all of it."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

from tests.fixtures.databases import CHECKOUT

LAYERS = ("models", "queries", "services", "presenters", "forms", "tasks", "views", "api", "api_urls", "urls")
# Django's places for its own kinds of code, and the tables and middleware of access: wiring rather than rules.
WIRING = ("apps", "admin", "checks", "management", "templatetags", "middleware", "context_processors", "access")


@cache
def app_files() -> tuple[Path, ...]:
    """Every module of the study's apps but migrations."""
    files = (file for app in settings.STUDY_APPS for file in (CHECKOUT / app).rglob("*.py"))
    return tuple(sorted(file for file in files if "migrations" not in file.parts))


@cache
def all_files() -> tuple[Path, ...]:
    """Every module of the project but migrations: apps, wiring, scripts and tests."""
    others = (file for folder in ("ivp_study", "scripts", "tests") for file in (CHECKOUT / folder).rglob("*.py"))
    return tuple(sorted((*app_files(), *others, CHECKOUT / "manage.py")))


def layer_files(layer: str) -> list[Path]:
    """The modules of one layer in every app, whether a file or a package."""
    return [file for file in app_files() if layer_of(file) == layer]


def layer_of(file: Path) -> str:
    """The second part of a module's dotted name: `risk/scoring.py` and `risk/scoring/bands.py` are "scoring"."""
    parts = file.relative_to(CHECKOUT).with_suffix("").parts
    return parts[1] if len(parts) > 1 else ""


def pure_files() -> list[Path]:
    """The modules named by concept, which hold the study's rules."""
    return [file for file in app_files() if layer_of(file) not in (*LAYERS, *WIRING, "__init__")]


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), filename=str(file))


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(parsed(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def place(file: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None else ""
    return f"{file.relative_to(CHECKOUT)}{line}"


def imported(file: Path) -> set[str]:
    """The dotted names that a module imports; `from a import b` gives both a and a.b."""
    names: set[str] = set()
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `record` of both record(...) and audit.record(...)."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
