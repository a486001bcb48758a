"""One data set into one file, and one frozen file into any other form."""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.db import connection
from django.db.backends.utils import CursorWrapper

from panel.columns import Column, DataSet
from panel.formats.csv_file import parquet_to_csv
from panel.formats.form import Form, Written
from panel.formats.parquet_file import column_names, csv_to_parquet, row_count
from panel.formats.spss_file import parquet_to_sav
from panel.formats.stata_file import parquet_to_dta
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
            return Written(out, rows, len(columns), _sha256(out))
        parquet = out if form == Form.PARQUET else Path(folder) / "rows.parquet"
        csv_to_parquet(csv, columns, parquet)
        if form == Form.PARQUET:
            return Written(out, rows, len(columns), _sha256(out))
        return _rewritten(parquet, columns, form=form, language=language, out=out)


def copy_rows(cursor: CursorWrapper, statement: str, parameters: dict[str, Any], out: BinaryIO) -> int:
    """Stream a statement's rows into `out` as CSV under a header; return how many there were."""
    rows_statement = cursor.mogrify(statement, parameters).decode()
    cursor.copy_expert(f"COPY ({rows_statement}) TO STDOUT WITH (FORMAT csv, HEADER)", out)
    rows: int = cursor.rowcount
    return rows


def rewrite(parquet: Path, dataset: DataSet, *, form: Form, language: str, out: Path) -> Written:
    """Write a Parquet file of this data set in another form: the same bytes each time.

    The columns are those of the file. For a wide one, `dataset` is `panel.tables.wide.widened` of its own.
    """
    declared = {column.name: column for column in dataset.written(reads_arm=True)}
    columns = [declared[name] for name in column_names(parquet)]
    return _rewritten(parquet, columns, form=form, language=language, out=out)


def _rewritten(parquet: Path, columns: Sequence[Column], *, form: Form, language: str, out: Path) -> Written:
    number = len(columns)
    match form:
        case Form.CSV:
            parquet_to_csv(parquet, out)
        case Form.PARQUET:
            out.write_bytes(parquet.read_bytes())
        case Form.DTA:
            number = parquet_to_dta(parquet, columns, language, out)
        case Form.SAV:
            number = parquet_to_sav(parquet, columns, language, out)
    return Written(out, row_count(parquet), number, _sha256(out))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
