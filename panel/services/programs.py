"""What programs read of the data, by pages or whole: the same rows as the exports, each giving recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.columns import Column, DataSet
from panel.formats import Form, Written, write
from panel.reading import by_key, require_readable
from panel.row_pages import KEYS, Filter
from panel.visit_logs import FIELDS, PLACE, newest_logs_sql
from protocol.queries import current_protocol


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the place of the last of them if more follow."""

    rows: list[dict[str, Any]]
    after: tuple[Any, ...] | None


@transaction.atomic
def give_description(*, by: Actor, dataset: DataSet, token_id: int | None) -> tuple[Column, ...]:
    """Return the columns that the reader gets."""
    reads_arm = queries.reads_arm(by)
    require_readable(by, dataset, reads_arm=reads_arm)
    columns = dataset.written(reads_arm=reads_arm)
    _recorded(by, "panel.read_codebook", dataset.name, token_id, {"columns": len(columns)})
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
    reads_arm = queries.reads_arm(by)
    require_readable(by, dataset, reads_arm=reads_arm)
    names, rows = queries.rows_page(
        dataset,
        filters=filters,
        after=after,
        limit=limit + 1,
        today=timezone.localdate(now),
        reads_arm=reads_arm,
    )
    found = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    given = found[:limit]
    _recorded(by, "panel.read_rows", dataset.name, token_id, {"rows": len(given), "columns": len(names)})
    is_last = len(found) <= limit
    return Page(given, None if is_last else tuple(given[-1][name] for name in KEYS[dataset.name]))


@transaction.atomic
def give_file(
    *, by: Actor, dataset: DataSet, form: Form, language: str, out: Path, token_id: int | None, now: datetime
) -> Written:
    """Write the whole data set as a file of any form; `panel.formats.write` says how."""
    reads_arm, today = queries.reads_arm(by), timezone.localdate(now)
    require_readable(by, dataset, reads_arm=reads_arm)
    written = write(dataset, form=form, language=language, today=today, reads_arm=reads_arm, terms=None, out=out)
    details = {"rows": written.rows, "columns": written.columns, "form": form.value, "sha256": written.sha256}
    _recorded(by, "panel.read_file", dataset.name, token_id, details)
    return written


@transaction.atomic
def give_logs(*, by: Actor, after: Sequence[Any] | None, limit: int, token_id: int | None, now: datetime) -> Page:
    """Return the newest logs of visits by code, at most `limit`, or those that follow a place."""
    require(by, Permission.EXPORT_PANEL)
    require(by, Permission.READ_ARM)
    statement, own = newest_logs_sql(after=after, limit=limit + 1)
    parameters = queries.parameters(current_protocol(), timezone.localdate(now))
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **own})
        found = [dict(zip((*FIELDS, *PLACE), row, strict=True)) for row in cursor.fetchall()]
    given, is_last = found[:limit], len(found) <= limit
    _recorded(by, "panel.read_logs", "visit_logs", token_id, {"rows": len(given)})
    place = None if is_last else tuple(given[-1][name] for name in PLACE)
    return Page([{name: row[name] for name in FIELDS} for row in given], place)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _recorded(by: Actor, action: str, name: str, token_id: int | None, details: Mapping[str, Any]) -> None:
    """Append the audit row of what was given, with the key by which a program asked."""
    said = {**details, **by_key(token_id)}
    record(actor=by, action=action, object_type="dataset", object_id=name, details=said)
