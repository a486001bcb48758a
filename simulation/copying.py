"""Rows into PostgreSQL by COPY: what makes a few hundred thousand of them a matter of seconds."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.db import connection, models

_ROWS_PER_CHUNK = 20_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)


def _array(value: list[Any]) -> str:
    return "{" + ",".join(map(str, value)) + "}"


def _json(value: dict[str, Any]) -> str:
    return _escaped(_JSON.encode(value))


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    str: _escaped,
    bytes: lambda value: f"\\\\x{value.hex()}",
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    list: _array,
    dict: _json,
}


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` primary keys from the table's own sequence, in one query."""
    sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.db_table, count])  # noqa: SLF001 - Django documents _meta
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows to a model's table, `columns` in the order of each row's values; return how many.

    Takes None, bool, numbers, text, dates, times, bytes, lists (as arrays) and dicts (as JSON).
    """
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django documents _meta
    total = 0
    with connection.cursor() as cursor:
        for chunk, count in _chunks(rows):
            cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", chunk)
            total += count
    return total


def as_text(value: Any) -> str:
    """Write one value as COPY's text format has it. Raises KeyError for a type that is not listed above."""
    return _WRITERS[type(value)](value)


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[io.StringIO, int]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, _ROWS_PER_CHUNK)):
        columns = map(_column, zip(*chunk, strict=True))
        lines = map("\t".join, zip(*columns, strict=True))
        yield io.StringIO("\n".join(lines) + "\n"), len(chunk)


def _column(values: Sequence[Any]) -> Iterable[str]:
    """Write a column's values as text: at once where they are of one type, as most are."""
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return map(as_text, values)
    (kind,) = kinds
    if kind is str and _needs_no_escapes("".join(values)):
        return values
    return map(_WRITERS[kind], values)


def _needs_no_escapes(text: str) -> bool:
    return not any(mark in text for mark in "\\\t\n\r")
