"""Expressions of a form, rewritten for libxml2: XPath 1.0 and the functions that forms add to it.

What differs from plain XPath is put into words that libxml2 takes: the form's own root and the question that asks
become variables, so that both hold inside a list of choices, too; functions that mean something else than XPath's get
another name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

JAVAROSA = "http://openrosa.org/javarosa"
# Text in quotes, a function's name before its bracket, a path from the root, or a sign that is neither.
_PART = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<function>(?<![\w.$@/:-])(?:[A-Za-z_][\w-]*:)?[A-Za-z_][\w-]*)(?=\s*\()"""
    r"""|(?P<path>(?<![\w)\].*/@:-])/(?:[A-Za-z_][\w.-]*)(?:/[A-Za-z_][\w.-]*)*)""",
)
_NODE_TESTS = frozenset({"text", "node", "comment", "processing-instruction", "and", "or", "div", "mod"})
_LONGEST = 8_000
# Functions without arguments whose answer is the same during one check.
_VARIABLES = {"current": "$here", "today": "$today", "now": "$now"}
_EMPTY_BRACKETS = re.compile(r"\$(here|today|now)\s*\(\s*\)")


class ExpressionInvalid(ValueError):
    """The expression cannot be read: the message says where and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the question's path from the root ("/data/g/age"), and the repeats around it."""

    path: str
    repeats: tuple[str, ...] = ()


def rewritten(expression: str, place: Place, *, renamed: Mapping[str, str]) -> str:
    """Return the expression as libxml2 reads it: $root, $here and the renamed functions in their places.

    A path from the root into a repeat around the question means that same repeat, as ODK's programs read it. Raise
    ExpressionInvalid for one that is too long.
    """
    if len(expression) > _LONGEST:
        raise ExpressionInvalid(f"an expression of {len(expression)} letters; expected at most {_LONGEST}")

    def part(found: re.Match[str]) -> str:
        if found["text"] is not None:
            return found[0]
        if found["function"] is not None:
            return _function(found, expression, renamed)
        return _path(found[0], place, keeps_all="indexed-repeat" in expression)

    return _EMPTY_BRACKETS.sub(r"$\1", _PART.sub(part, expression))


def compiled(expression: str, functions: Mapping[tuple[str | None, str], Callable[..., Any]]) -> etree.XPath:
    """Return a rewritten expression ready to run. Raise ExpressionInvalid."""
    try:
        return etree.XPath(expression, extensions=functions, namespaces={"jr": JAVAROSA}, smart_strings=False)
    except etree.XPathSyntaxError as error:
        raise ExpressionInvalid(str(error)) from error


def _function(found: re.Match[str], expression: str, renamed: Mapping[str, str]) -> str:
    name = found["function"]
    if name in _VARIABLES:
        return _VARIABLES[name]
    if name in _NODE_TESTS:
        return name
    if name == "position" and re.match(r"\s*\(\s*\)", expression[found.end() :]):
        return name
    return renamed.get(name, name)


def _path(path: str, place: Place, *, keeps_all: bool) -> str:
    """Return a path from the root as one from $root, or from $here where it leads into a repeat around the question.

    `keeps_all`: the expression picks a repeat by its number, so that paths into repeats mean all of them.
    """
    for repeat in () if keeps_all else sorted(place.repeats, key=len, reverse=True):
        if path.startswith(f"{repeat}/"):
            up = place.path[len(repeat) :].count("/")
            return "/".join(["$here", *[".."] * up, path[len(repeat) + 1 :]])
    _root, _slash, rest = path[1:].partition("/")
    return f"$root/{rest}" if rest else "$root"
