"""Exports: the one way out for data, each recorded."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from audit.services import record
from panel import queries
from panel.codebook import codebook_csv
from panel.columns import DataSet
from panel.formats import Form, Written, copy_rows, write
from panel.reading import require_readable
from panel.release_terms import ReleaseTerms
from panel.tables.wide import wide_name


@transaction.atomic
def export_dataset(*, by: Actor, dataset: DataSet, out: BinaryIO, now: datetime) -> int:
    """Stream a data set as CSV with a header into `out`; return the number of rows.

    Who may not read the arm gets none of the columns that would tell it. Memory does not grow with the rows.
    """
    reads_arm = queries.reads_arm(by)
    require_readable(by, dataset, reads_arm=reads_arm)
    statement, parameters = queries.rows_sql(dataset, today=timezone.localdate(now), reads_arm=reads_arm)
    with connection.cursor() as cursor:
        rows = copy_rows(cursor, statement, parameters, out)
    record(
        actor=by,
        action="panel.export",
        object_type="dataset",
        object_id=dataset.name,
        details={"rows": rows, "columns": len(dataset.written(reads_arm=reads_arm))},
    )
    return rows


@transaction.atomic
def export_file(
    *,
    by: Actor,
    dataset: DataSet,
    form: Form,
    language: str,
    out: Path,
    now: datetime,
    terms: ReleaseTerms | None = None,
    wide: bool = False,
) -> Written:
    """Write a data set as a file of any form; `panel.formats.write` says how.

    Who may not read the arm gets none of the columns that would tell it. Raises TooWide.
    """
    reads_arm, today = queries.reads_arm(by), timezone.localdate(now)
    require_readable(by, dataset, reads_arm=reads_arm)
    written = write(
        dataset, form=form, language=language, today=today, reads_arm=reads_arm, terms=terms, wide=wide, out=out
    )
    record(
        actor=by,
        action="panel.export",
        object_type="dataset",
        object_id=wide_name(dataset.name) if wide else dataset.name,
        details={"rows": written.rows, "columns": written.columns, "form": form.value, "sha256": written.sha256},
    )
    return written


@transaction.atomic
def export_codebook(*, by: Actor, dataset: DataSet) -> str:
    """Return the codebook, as CSV, of the columns that the reader gets."""
    reads_arm = queries.reads_arm(by)
    require_readable(by, dataset, reads_arm=reads_arm)
    columns = dataset.written(reads_arm=reads_arm)
    record(
        actor=by,
        action="panel.export_codebook",
        object_type="dataset",
        object_id=dataset.name,
        details={"columns": len(columns)},
    )
    return codebook_csv(columns)
