"""Rows of a data set by pages: which of them are asked for, and where the next page begins."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from panel.columns import Column, Kind

# What no two rows of a data set share, in the order of its rows.
KEYS: dict[str, tuple[str, ...]] = {
    "panel_wave": ("woman", "wave"),
    "panel_week": ("woman", "week"),
    "panel_month": ("woman", "month"),
    "participants": ("woman",),
    "stations": ("station",),
    "surveys": ("woman", "wave"),
    "visits": ("woman", "number"),
    "risk": ("woman", "number"),
    "training": ("station", "month"),
}
# About how many rows a woman has: where she has fewer, or filters leave fewer, the rows of more women are made.
ROWS_A_WOMAN = {
    "panel_wave": 5,
    "panel_week": 52,
    "panel_month": 12,
    "participants": 1,
    "surveys": 3,
    "visits": 40,
    "risk": 5,
}
OPERATORS = {"": "=", "__gte": ">=", "__lte": "<="}
MOST_VALUES = 50
_LONGEST_TEXT = 200
_INTEGER = re.compile(r"[+-]?\d{1,18}")


class FilterUnknown(StudyError):
    """There is no such column, or its values have no order."""

    code = "filter_unknown"


class FilterInvalid(StudyError):
    """The value is not of the column's kind."""

    code = "filter_invalid"


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep the rows where a column equals one of the values, or is not below (`>=`), or not above (`<=`) the one."""

    column: str
    operator: str
    values: tuple[str | int | float, ...]


def read_filters(said: Mapping[str, Sequence[str]], columns: Sequence[Column]) -> list[Filter]:
    """Return what the parts of a query ask for: `name=`, several times for any of them, `name__gte=`, `name__lte=`.

    Raise FilterUnknown or FilterInvalid, whose sentence names the part.
    """
    by_name = {column.name: column for column in columns}
    filters = []
    for part, texts in sorted(said.items()):
        name, separator, word = part.partition("__")
        operator, column = OPERATORS.get(separator + word), by_name.get(name)
        if operator is None or column is None:
            raise _unknown(part)
        if operator != "=" and column.kind == Kind.TEXT:
            raise _wrong(FilterUnknown(_("This column holds words: ask for what it equals.")), part)
        if len(texts) > (MOST_VALUES if operator == "=" else 1):
            raise _wrong(FilterInvalid(_("There are too many values at once.")), part)
        filters.append(Filter(name, operator, tuple(_value(text, column.kind, part) for text in texts)))
    return filters


def page_sql(
    rows: str, *, key: Sequence[str], filters: Sequence[Filter], after: Sequence[Any] | None, limit: int
) -> tuple[str, dict[str, Any]]:
    """Return a statement that asks for one page of another statement's rows, and its own parameters.

    `after` are the key's values in the last row that was given. Names of columns come from declarations alone.
    """
    conditions: list[str] = ["true"]
    parameters: dict[str, Any] = {"page_limit": limit}
    for number, asked in enumerate(filters):
        place = f"filter_{number}"
        is_equal = asked.operator == "="
        conditions.append(
            f"r.{asked.column} = ANY(%({place})s)" if is_equal else f"r.{asked.column} {asked.operator} %({place})s"
        )
        parameters[place] = list(asked.values) if is_equal else asked.values[0]
    if after is not None:
        places = ", ".join(f"%(after_{number})s" for number in range(len(key)))
        # The first part alone reaches into the statement: what lies before the page is never made.
        conditions += [f"r.{key[0]} >= %(after_0)s", f"({', '.join(f'r.{name}' for name in key)}) > ({places})"]
        parameters |= {f"after_{number}": value for number, value in enumerate(after)}
    order = ", ".join(f"r.{name}" for name in key)
    statement = f"SELECT r.* FROM ({rows}) r WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT %(page_limit)s"  # noqa: S608 (names are declared, values are parameters)
    return statement, parameters


def _value(text: str, kind: Kind, part: str) -> str | int | float:
    if kind == Kind.TEXT:
        if len(text) > _LONGEST_TEXT or "\0" in text:
            raise _wrong(FilterInvalid(_("A word of this column is expected.")), part)
        return text
    if kind == Kind.INTEGER:
        if not _INTEGER.fullmatch(text):
            raise _wrong(FilterInvalid(_("A whole number is expected.")), part)
        return int(text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(FilterInvalid(_("A number is expected.")), part)
    return number


def _unknown(part: str) -> StudyError:
    return _wrong(FilterUnknown(_("This data set has no such column to ask for.")), part)


def _wrong(error: StudyError, part: str) -> StudyError:
    error.field = part[:_LONGEST_TEXT]
    return error
