"""Parquet from a CSV, and any other form from Parquet; what is wanted as CSV alone does without these libraries."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

from panel.columns import Column, DataSet
from panel.formats.csv_file import parquet_to_csv
from panel.formats.form import Form, Written, sha256_of
from panel.formats.parquet_file import column_names, csv_to_parquet, row_count
from panel.formats.spss_file import parquet_to_sav
from panel.formats.stata_file import parquet_to_dta


def rewrite(parquet: Path, dataset: DataSet, *, form: Form, language: str, out: Path) -> Written:
    """Write a Parquet file of this data set in another form: the same bytes each time.

    The columns are those of the file. For a wide one, `dataset` is `panel.tables.wide.widened` of its own.
    """
    declared = {column.name: column for column in dataset.written(reads_arm=True)}
    columns = [declared[name] for name in column_names(parquet)]
    return _rewritten(parquet, columns, form=form, language=language, out=out)


def rewrite_csv(csv: Path, columns: Sequence[Column], *, form: Form, language: str, out: Path) -> Written:
    """Write the rows of a CSV of these columns in another form."""
    if form == Form.PARQUET:
        return Written(out, csv_to_parquet(csv, columns, out), len(columns), sha256_of(out))
    parquet = csv.with_suffix(".parquet")
    csv_to_parquet(csv, columns, parquet)
    return _rewritten(parquet, columns, form=form, language=language, out=out)


def _rewritten(parquet: Path, columns: Sequence[Column], *, form: Form, language: str, out: Path) -> Written:
    number = len(columns)
    match form:
        case Form.CSV:
            parquet_to_csv(parquet, out)
        case Form.PARQUET:
            copyfile(parquet, out)
        case Form.DTA:
            number = parquet_to_dta(parquet, columns, language, out)
        case Form.SAV:
            number = parquet_to_sav(parquet, columns, language, out)
    return Written(out, row_count(parquet), number, sha256_of(out))
