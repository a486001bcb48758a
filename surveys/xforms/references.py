"""What a form's expressions speak of: names of no question, circles, and functions that are given too little or much.

Each of them makes a form that loads and cannot be asked as it is meant: a bare name is a place where nothing ever is,
so that its question is never asked, or never required; of a circle ODK Collect does not open the form at all.
"""

import inspect
import math
import re
from collections.abc import Collection, Iterator
from datetime import UTC
from graphlib import CycleError, TopologicalSorter

from surveys.xforms.form import XForm
from surveys.xforms.functions import functions_in
from surveys.xforms.rules import Unusable

_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_BRACKET = re.compile(r"\[[^\[\]]*\]")
_BARE = re.compile(r"(?<![\w.\-/:$@])(?P<name>[^\W\d][\w.\-]*)(?![\w.\-])(?!\s*[(:])|(?P<variable>\$[^\W\d][\w.\-]*)")
_OPERATORS = frozenset({"and", "or", "div", "mod"})
_ABSOLUTE = re.compile(r"(?<![\w)\].*/@:-])(?:/[^\W\d][\w.-]*)+")
_RELATIVE = re.compile(r"(?<![\w)\].*/@:-])(?P<up>(?:\.\./)+)(?P<rest>[^\W\d][\w.-]*(?:/[^\W\d][\w.-]*)*)")
_ITSELF = re.compile(r"(?<![\w)\].*/@:-])\.(?![\w./])")
_CALL = re.compile(r"(?<![\w.$@/-])(?P<name>[A-Za-z_][\w:-]*)\s*\(")
# How many parts the functions of XPath itself take, and those that are answered beside ours.
_XPATH_TAKES = {
    **dict.fromkeys(("count", "sum", "not", "boolean", "floor", "ceiling", "instance"), (1, 1)),
    **dict.fromkeys(("true", "false", "current", "today", "now", "last"), (0, 0)),
    **dict.fromkeys(("substring-before", "substring-after", "jr:choice-name"), (2, 2)),
    "number": (0, 1), "position": (0, 1), "substring": (2, 3), "translate": (3, 3), "pulldata": (4, 4),
}  # fmt: skip


def speaking_of_nothing(form: XForm) -> Iterator[Unusable]:
    """Yield the rules of questions and groups that name a question otherwise than as ${name}, or no question."""
    for path, rule, expression in _rules(form):
        below = {child.rpartition("/")[2] for child in form.children.get(path, ())}
        for found in _BARE.finditer(_outside_brackets(expression)):
            name = found["name"] or found["variable"]
            if name not in _OPERATORS and name not in below:
                yield Unusable(path, rule, f"“{name}” is no question", is_unreadable=True)
                break


def given_otherwise(form: XForm) -> Iterator[Unusable]:
    """Yield the rules that give a function fewer or more parts than it takes."""
    takes = {**{name: _parts_of(function) for name, function in functions_in(UTC).items()}, **_XPATH_TAKES}
    for path, rule, expression in _rules(form):
        for name, given in _calls(_TEXT.sub("''", expression)):
            least, most = takes.get(name, (0, math.inf))
            if not least <= given <= most:
                yield Unusable(path, rule, f"{name}() does not take {given} parts", is_unreadable=True)
                break


def circle(form: XForm) -> Unusable | None:
    """Return a rule by which a question hangs on itself, alone or by way of others; None where there is none.

    Whether it is asked and what is calculated for it count, as ODK Collect has it; what it must fulfil does not.
    Expressions that pick one of a repeat may mean another one than their own, and are left out.
    """
    hangs_on: dict[str, dict[str, tuple[str, str]]] = {}
    for path, rule, expression in _rules(form):
        if rule in {"relevant", "calculate"}:
            for other in sorted(_paths(expression, path)):
                for one in (path, *_inside(path, form)):
                    hangs_on.setdefault(one, {}).setdefault(other, (path, rule))
    try:
        TopologicalSorter({path: tuple(others) for path, others in hangs_on.items()}).prepare()
    except CycleError as error:
        loop: list[str] = error.args[1]
        place, rule = hangs_on[loop[1]][loop[0]]
        said = " → ".join(path.rpartition("/")[2] for path in reversed(loop))
        return Unusable(place, rule, f"it goes in a circle, {said}", is_unreadable=True)
    return None


def _rules(form: XForm) -> Iterator[tuple[str, str, str]]:
    """Yield path, rule and expression of each question and group."""
    for path, relevant in form.groups.items():
        if relevant:
            yield path, "relevant", relevant
    for question in form.questions:
        if "/meta/" not in question.path:
            yield from ((question.path, rule, text) for rule, text in question.rules.items() if text)


def _outside_brackets(expression: str) -> str:
    """Return an expression without its texts and conditions: within these, names are those of a list's columns."""
    left = _TEXT.sub("''", expression)
    while (shorter := _BRACKET.sub(" ", left)) != left:
        left = shorter
    return left


def _paths(expression: str, path: str) -> set[str]:
    left = _TEXT.sub("''", expression)
    if "[" in left or "indexed-repeat" in left:
        return set()
    steps = path.split("/")
    found = set(_ABSOLUTE.findall(left))
    for above in _RELATIVE.finditer(left):
        found.add("/".join([*steps[: len(steps) - above["up"].count("/")], above["rest"]]))
    return found | ({path} if _ITSELF.search(left) else set())


def _inside(path: str, form: XForm) -> Iterator[str]:
    """Yield the questions and groups within a group, which are asked only where it is."""
    for child in form.children.get(path, ()):
        yield child
        yield from _inside(child, form)


def _parts_of(function: object) -> tuple[int, float]:
    """Return how many parts one of our functions takes at least and at most, its context not counted."""
    given = list(inspect.signature(function).parameters.values())[1:]  # type: ignore[arg-type]
    named = [one for one in given if one.kind is not inspect.Parameter.VAR_POSITIONAL]
    return len(named), math.inf if len(named) < len(given) else len(named)


def _calls(expression: str) -> Iterator[tuple[str, int]]:
    """Yield each function that is called, with how many parts it is given."""
    for found in _CALL.finditer(expression):
        depth, commas, inside = 1, 0, ""
        for sign in expression[found.end() :]:
            depth += (sign in "([") - (sign in ")]")
            if not depth:
                break
            commas += sign == "," and depth == 1
            inside += sign
        yield found["name"], commas + 1 if inside.strip() else 0


def faults(form: XForm, known: Collection[Unusable]) -> list[Unusable]:
    """Return one fault a rule of those that no reader stops at; rules that cannot be read anyway are left out."""
    seen = {(one.path, one.rule) for one in known}
    found = [*speaking_of_nothing(form), *given_otherwise(form), *filter(None, [circle(form)])]
    first: dict[tuple[str, str], Unusable] = {}
    for one in found:
        if (one.path, one.rule) not in seen:
            first.setdefault((one.path, one.rule), one)
    return list(first.values())
