"""What programs read of the data, by pages or whole: the same rows as the exports, each giving recorded."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission
from audit.services import record
from panel import queries
from panel.columns import Column, DataSet
from panel.row_pages import KEYS, Filter, page_sql
from panel.services.exports import require_readable


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the key of the last of them if more follow."""

    rows: list[dict[str, Any]]
    after: tuple[Any, ...] | None


@transaction.atomic
def give_description(*, by: Actor, dataset: DataSet, token_id: int | None) -> tuple[Column, ...]:
    """Return the columns that the reader gets."""
    require_readable(by, dataset)
    columns = dataset.visible(reads_arm=by.has(Permission.READ_ARM))
    _recorded(by, "panel.read_codebook", dataset, token_id, {"columns": len(columns)})
    return columns


@transaction.atomic
def give_rows(
    *,
    by: Actor,
    dataset: DataSet,
    filters: Sequence[Filter],
    after: Sequence[Any] | None,
    limit: int,
    token_id: int | None,
    now: datetime,
) -> Page:
    """Return the rows that were asked for, at most `limit`, in the order of their key."""
    require_readable(by, dataset)
    key = KEYS[dataset.name]
    rows, own = queries.rows_sql(dataset, today=timezone.localdate(now), reads_arm=by.has(Permission.READ_ARM))
    statement, parameters = page_sql(rows, key=key, filters=filters, after=after, limit=limit + 1)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**own, **parameters})
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    given = found[:limit]
    _recorded(by, "panel.read_rows", dataset, token_id, {"rows": len(given), "columns": len(names)})
    is_last = len(found) <= limit
    return Page(given, None if is_last else tuple(given[-1][name] for name in key))


@transaction.atomic
def give_file(*, by: Actor, dataset: DataSet, out: BinaryIO, token_id: int | None, now: datetime) -> str:
    """Write the whole data set as CSV with a header into `out`; return its SHA-256 (hex).

    Memory does not grow with the rows.
    """
    require_readable(by, dataset)
    reads_arm = by.has(Permission.READ_ARM)
    statement, parameters = queries.rows_sql(dataset, today=timezone.localdate(now), reads_arm=reads_arm)
    with connection.cursor() as cursor:
        rows_statement = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({rows_statement}) TO STDOUT WITH (FORMAT csv, HEADER)", out)
        rows: int = cursor.rowcount
    _recorded(by, "panel.read_file", dataset, token_id, {"rows": rows, "form": "csv"})
    return _sha256(out)


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for piece in iter(lambda: file.read(1 << 20), b""):
        digest.update(piece)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _recorded(by: Actor, action: str, dataset: DataSet, token_id: int | None, details: Mapping[str, Any]) -> None:
    """Append the audit row of what was given, with the key by which a program asked."""
    shown = {} if token_id is None else {"key": token_id}
    record(actor=by, action=action, object_type="dataset", object_id=dataset.name, details={**details, **shown})
