"""Exports: the one way out for data, each recorded."""

from datetime import datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.codebook import codebook_csv
from panel.columns import DataSet


@transaction.atomic
def export_dataset(*, by: Actor, dataset: DataSet, out: BinaryIO, now: datetime) -> int:
    """Stream a data set as CSV with a header into `out`; return the number of rows.

    Who may not read the arm gets none of the columns that would tell it. Memory does not grow with the rows.
    """
    _require_readable(by, dataset)
    reads_arm = by.has(Permission.READ_ARM)
    statement, parameters = queries.rows_sql(dataset, today=timezone.localdate(now), reads_arm=reads_arm)
    with connection.cursor() as cursor:
        rows_statement = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({rows_statement}) TO STDOUT WITH (FORMAT csv, HEADER)", out)
        rows: int = cursor.rowcount
    record(
        actor=by,
        action="panel.export",
        object_type="dataset",
        object_id=dataset.name,
        details={"rows": rows, "columns": len(dataset.visible(reads_arm=reads_arm))},
    )
    return rows


@transaction.atomic
def export_codebook(*, by: Actor, dataset: DataSet) -> str:
    """Return the codebook, as CSV, of the columns that the reader gets."""
    _require_readable(by, dataset)
    columns = dataset.visible(reads_arm=by.has(Permission.READ_ARM))
    record(
        actor=by,
        action="panel.export_codebook",
        object_type="dataset",
        object_id=dataset.name,
        details={"columns": len(columns)},
    )
    return codebook_csv(columns)


def _require_readable(by: Actor, dataset: DataSet) -> None:
    require(by, Permission.EXPORT_PANEL)
    if dataset.is_blinded:
        require(by, Permission.READ_ARM)
