"""The wide form of a panel from its long rows: some women at a time, the same bytes from the same rows."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet

from panel.columns import DataSet
from panel.formats.parquet_file import arrow_schema
from panel.generalising import WOMAN
from panel.tables.wide import origins, widened

_WOMEN_A_GROUP = 4_096


def widen(parquet: Path, dataset: DataSet, out: Path) -> DataSet:
    """Write a panel's rows in their wide form as Parquet, women in their order; return that form's declaration.

    Memory does not grow with the women. Raises TooWide.
    """
    wide = widened(dataset)
    schema = arrow_schema(wide.written(reads_arm=True))
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _wide_rows(parquet, dataset):
            writer.write_table(rows.select(schema.names).to_arrow().cast(schema))
    return wide


def _wide_rows(parquet: Path, dataset: DataSet) -> Iterator[pl.DataFrame]:
    long = pl.scan_parquet(parquet)
    women = long.select(pl.col(WOMAN).unique(maintain_order=True)).collect()[WOMAN].to_list()
    columns = [_column(name, found.column, found.period, dataset.period) for name, found in origins(dataset).items()]
    for first in range(0, len(women), _WOMEN_A_GROUP):
        some = long.filter(pl.col(WOMAN).is_in(women[first : first + _WOMEN_A_GROUP]))
        yield some.group_by(pl.col(WOMAN).alias("by"), maintain_order=True).agg(columns).collect()


def _column(name: str, column: str, code: str, period: str) -> pl.Expr:
    values = pl.col(column).filter(pl.col(period) == int(code)) if code else pl.col(column)
    return values.first().alias(name)
