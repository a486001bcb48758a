"""What is wrong with a plan's file, a line for each problem: where, what was expected, what was found."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

_PLACE = re.compile(r"at line (\d+), column (\d+)\)$")
_LONGEST_FOUND = 60


def lines_of(error: ValidationError, *, name: str) -> str:
    """Return the lines in the language of whoever asks, each beginning with the file and the key in it."""
    return "\n".join(f"{name}: {_sentence(problem)}" for problem in error.errors())


def line_of_toml(error: ValueError, *, name: str) -> str:
    """Say where a file stops being TOML."""
    found = _PLACE.search(str(error))
    if found is None:
        return _("%(name)s: expected TOML 1.0, found an end within a value, or a number without end") % {"name": name}
    where = {"name": name, "line": found[1], "column": found[2]}
    return _("%(name)s: line %(line)s, column %(column)s: expected TOML 1.0") % where


def _sentence(problem: Any) -> str:
    key = _key_path(problem["loc"])
    if problem["type"] == "value_error":
        return f"{key}: {problem['ctx']['error']}" if key else str(problem["ctx"]["error"])
    if problem["type"] == "extra_forbidden":
        return _("%(key)s: unknown key; check its spelling or take it out") % {"key": key}
    if problem["type"] == "missing":
        return _("%(key)s: missing; the file must say it") % {"key": key}
    expected = _expected(problem["type"], problem.get("ctx", {})) or str(problem["msg"])
    said = {"key": key, "expected": expected, "found": repr(problem["input"])[:_LONGEST_FOUND]}
    return _("%(key)s: expected %(expected)s, found %(found)s") % said


def _expected(kind: str, told: Mapping[str, Any]) -> str | None:
    """Say what was expected in the place of a value, None for a kind that no plan can show."""
    limits: Mapping[str, Callable[[], str]] = {
        "less_than": lambda: _("a number below %(limit)s") % {"limit": told["lt"]},
        "less_than_equal": lambda: _("a number of at most %(limit)s") % {"limit": told["le"]},
        "greater_than": lambda: _("a number above %(limit)s") % {"limit": told["gt"]},
        "greater_than_equal": lambda: _("a number of at least %(limit)s") % {"limit": told["ge"]},
        "int_type": lambda: _("a whole number"),
        "float_type": lambda: _("a number"),
        "string_type": lambda: _("a text in quotes"),
        "string_too_short": lambda: _("a text that is not empty"),
        "string_pattern_mismatch": lambda: _("at most 32 of a–z, 0–9 and _, beginning with a letter"),
        "bool_type": lambda: _("true or false"),
        "list_type": lambda: _("a list in brackets"),
        "too_short": lambda: _("a list that is not empty"),
        "literal_error": lambda: _("one of %(values)s") % {"values": str(told["expected"]).replace(" or ", ", ")},
        "model_type": lambda: _("a table of its own"),
        "dict_type": lambda: _("a table of its own"),
    }
    return limits[kind]() if kind in limits else None


def _key_path(location: tuple[str | int, ...]) -> str:
    """Write a place in the file as its author would: models[2].kind counts from 1."""
    path = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
    return path.removeprefix(".")
