"""One data set into one file."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.db import connection
from django.db.backends.utils import CursorWrapper

from panel.columns import DataSet
from panel.formats.form import Form, Written, sha256_of
from panel.queries import rows_sql
from panel.release_terms import ReleaseTerms
from panel.tables.wide import wide_sql, widened


def write(
    dataset: DataSet,
    *,
    form: Form,
    language: str,
    today: date,
    reads_arm: bool,
    terms: ReleaseTerms | None,
    wide: bool = False,
    out: Path,
) -> Written:
    """Write a data set's rows as they are today; labels of .dta and .sav are in the language.

    `wide` has one row a woman, of data sets that have a period. Memory does not grow with the rows. Whoever calls has
    asked for the permission and records it. Raises TooWide.
    """
    shape = widened(dataset) if wide else dataset
    statement, parameters = rows_sql(dataset, today=today, reads_arm=reads_arm, terms=terms)
    if wide:
        statement = wide_sql(statement, dataset, reads_arm=reads_arm)
    columns = shape.written(reads_arm=reads_arm)
    with TemporaryDirectory(dir=out.parent, prefix=".") as folder:
        csv = out if form == Form.CSV else Path(folder) / "rows.csv"
        with csv.open("wb") as stream, connection.cursor() as cursor:
            rows = copy_rows(cursor, statement, parameters, stream)
        if form == Form.CSV:
            return Written(out, rows, len(columns), sha256_of(out))
        from panel.formats.rewriting import rewrite_csv  # noqa: PLC0415 (a CSV alone takes half the memory without it)

        return rewrite_csv(csv, columns, form=form, language=language, out=out)


def copy_rows(cursor: CursorWrapper, statement: str, parameters: dict[str, Any], out: BinaryIO) -> int:
    """Stream a statement's rows into `out` as CSV under a header; return how many there were."""
    rows_statement = cursor.mogrify(statement, parameters).decode()
    cursor.copy_expert(f"COPY ({rows_statement}) TO STDOUT WITH (FORMAT csv, HEADER)", out)
    rows: int = cursor.rowcount
    return rows
