"""The functions that forms know beside XPath's own (ODK XForms specification, section 8.2), as libxml2 calls them.

Arguments come as lists of elements, texts, numbers or booleans. An element that holds a day or a moment has its number
of days as its text, and what was written in the attribute SAID; one of a repeat may have its number in PLACE.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from surveys.xforms.dates import days_of, format_moment, share_of_day

SAID, PLACE = "said", "place"
Value = Any
Function = Callable[..., Value]
# What another device, hour or draw would answer otherwise: a calculation with them cannot be checked again.
UNREPEATABLE = frozenset({"now", "today", "random", "uuid", "once", "property", "version", "itext", "choice-name"})
_LONGEST_MATCHED = 10_000


def text_of(value: Value) -> str:
    """Return an argument as text: of elements the first one's, a whole number without its point."""
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, etree._Element):  # noqa: SLF001 - the only name that lxml has for it
        return value.get(SAID) or value.text or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    return str(value)


def number_of(value: Value) -> float:
    """Return an argument as a number; not a number for a text that is none."""
    if isinstance(value, list):
        return number_of(value[0].text or "") if value else math.nan
    if isinstance(value, str):
        try:
            return float(value) if value.strip() and "_" not in value else math.nan
        except ValueError:
            return math.nan
    return float(value)


def truth_of(value: Value) -> bool:
    """Return an argument as XPath's boolean() reads it."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def place_among(node: etree._Element) -> int:
    """Return which of its name it is among those beside it, from 1."""
    return int(node.get(PLACE) or 1 + sum(1 for _before in node.itersiblings(node.tag, preceding=True)))


def functions_in(zone: tzinfo) -> dict[str, Function]:
    """Return every function by its name, for forms filled in on that zone's clock; libxml2 gives a context first."""

    def days(_context: object, value: Value) -> float:
        number = number_of(value)
        return days_of(text_of(value), zone) if math.isnan(number) else number

    def in_pattern(_context: object, value: Value, pattern: Value) -> str:
        return format_moment(days(None, value), text_of(pattern))

    dates: dict[str, Function] = {
        "date": lambda context, value: math.floor(found) if not math.isnan(found := days(context, value)) else found,
        "date-time": days,
        "decimal-date-time": days,
        "decimal-time": lambda _context, value: share_of_day(text_of(value)),
        "format-date": in_pattern,
        "format-date-time": in_pattern,
    }
    return {**_PLAIN, **dates}


def names_for(functions: Mapping[str, Function]) -> dict[str, str]:
    """Return for each function the name under which libxml2 finds ours and not its own."""
    return {name: f"odk_{name}" for name in functions}


def as_extensions(functions: Mapping[str, Function]) -> dict[tuple[str | None, str], Function]:
    """Return the functions as libxml2 takes them."""
    return {(None, f"odk_{name}"): function for name, function in functions.items()}


# --- Choices ----------------------------------------------------------------------------------------------------------


def _selected(_context: object, chosen: Value, code: Value) -> bool:
    return text_of(code).strip() in text_of(chosen).split()


def _selected_at(_context: object, chosen: Value, index: Value) -> str:
    codes, place = text_of(chosen).split(), number_of(index)
    return codes[int(place)] if 0 <= place < len(codes) else ""


def _count_selected(_context: object, chosen: Value) -> float:
    return float(len(text_of(chosen).split()))


def _checklist(_context: object, least: Value, most: Value, *conditions: Value) -> bool:
    return _weighted_checklist(None, least, most, *(part for found in conditions for part in (found, 1.0)))


def _weighted_checklist(_context: object, least: Value, most: Value, *pairs: Value) -> bool:
    total = sum(number_of(weight) for found, weight in zip(pairs[::2], pairs[1::2], strict=True) if _is_true(found))
    low, high = number_of(least), number_of(most)
    return low <= total and (high < 0 or total <= high)


def _is_true(value: Value) -> bool:
    return text_of(value) in {"true", "1"} if isinstance(value, list | str) else truth_of(value)


# --- Text -------------------------------------------------------------------------------------------------------------


def _string(context: Any, *value: Value) -> str:
    return text_of(value[0] if value else [context.context_node])


def _all_texts(values: tuple[Value, ...]) -> list[str]:
    return [text_of(part) for value in values for part in (value if isinstance(value, list) else [value])]


def _concat(_context: object, *values: Value) -> str:
    return "".join(_all_texts(values))


def _join(_context: object, between: Value, *values: Value) -> str:
    return text_of(between).join(_all_texts(values))


def _substr(_context: object, text: Value, start: Value, *end: Value) -> str:
    written, last = text_of(text), int(number_of(end[0])) if end else None
    return written[int(number_of(start)) : last]


def _regex(_context: object, text: Value, pattern: Value) -> bool:
    try:
        return re.search(text_of(pattern), text_of(text)[:_LONGEST_MATCHED]) is not None
    except re.error:
        return True


def _coalesce(_context: object, *values: Value) -> Value:
    return next((value for value in values if text_of(value) != ""), "")


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() else repr(value)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _round(_context: object, value: Value, *places: Value) -> float:
    number, wanted = number_of(value), int(number_of(places[0])) if places else 0
    if math.isnan(number) or math.isinf(number):
        return number
    if not wanted:
        return float(math.floor(number + 0.5))
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-wanted), rounding=ROUND_HALF_UP))


def _int(_context: object, value: Value) -> float:
    number = number_of(value)
    return number if math.isnan(number) or math.isinf(number) else float(math.trunc(number))


def _safely(calculate: Callable[..., float]) -> Function:
    """Answer "not a number" where mathematics has no answer."""

    def answer(_context: object, *values: Value) -> float:
        try:
            return float(calculate(*(number_of(value) for value in values)))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return math.nan

    return answer


def _extreme(choose: Callable[[list[float]], float]) -> Function:
    def answer(_context: object, *values: Value) -> float:
        parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
        numbers = [number_of([part] if isinstance(part, etree._Element) else part) for part in parts]  # noqa: SLF001
        return math.nan if not numbers or any(map(math.isnan, numbers)) else choose(numbers)

    return answer


# --- Questions and repeats --------------------------------------------------------------------------------------------


def _position(_context: object, nodes: Value) -> float:
    return float(place_among(nodes[0]))


def _indexed_repeat(_context: object, nodes: Value, *groups_and_indices: Value) -> Value:
    found = list(nodes)
    for groups, index in zip(groups_and_indices[::2], groups_and_indices[1::2], strict=True):
        place = int(number_of(index)) - 1
        wanted = groups[place] if 0 <= place < len(groups) else None
        found = [node for node in found if wanted is not None and wanted in node.iterancestors()]
    return found[:1]


def _count_non_empty(_context: object, nodes: Value) -> float:
    return float(sum(1 for node in nodes if text_of(node)))


_PLAIN: dict[str, Function] = {
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": _count_selected,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
    "if": lambda _context, condition, then, otherwise: then if truth_of(condition) else otherwise,
    "coalesce": _coalesce,
    "once": lambda _context, value: value,
    "string": _string,
    "concat": _concat,
    "join": _join,
    "substr": _substr,
    "string-length": lambda context, *text: float(len(_string(context, *text))),
    "contains": lambda _context, text, part: text_of(part) in text_of(text),
    "starts-with": lambda _context, text, part: text_of(text).startswith(text_of(part)),
    "ends-with": lambda _context, text, part: text_of(text).endswith(text_of(part)),
    "normalize-space": lambda context, *text: " ".join(_string(context, *text).split()),
    "lower-case": lambda _context, text: text_of(text).lower(),
    "upper-case": lambda _context, text: text_of(text).upper(),
    "regex": _regex,
    "boolean-from-string": lambda _context, text: text_of(text) in {"true", "1"},
    "round": _round,
    "int": _int,
    "abs": _safely(abs),
    "pow": _safely(math.pow),
    "exp": _safely(math.exp),
    "exp10": _safely(lambda number: 10**number),
    "log": _safely(math.log),
    "log10": _safely(math.log10),
    "sqrt": _safely(math.sqrt),
    "sin": _safely(math.sin),
    "cos": _safely(math.cos),
    "tan": _safely(math.tan),
    "asin": _safely(math.asin),
    "acos": _safely(math.acos),
    "atan": _safely(math.atan),
    "atan2": _safely(math.atan2),
    "pi": _safely(lambda: math.pi),
    "min": _extreme(min),
    "max": _extreme(max),
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "count-non-empty": _count_non_empty,
    "randomize": lambda _context, nodes, *_seed: nodes,
    "random": lambda _context: 0.5,
    "uuid": lambda _context, *_length: "",
}
