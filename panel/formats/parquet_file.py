"""Parquet with types and labels: read and written in batches of rows, the same bytes from the same rows."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from panel.columns import Column, Kind

ROWS_A_GROUP = 65_536
# What is read at once is in memory as text and as columns; no row is nearly so long.
_READ_BYTES = 1 << 17
_TYPES = {Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64()}


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Return names and types; each field carries its label in both languages as metadata."""
    return pa.schema(
        pa.field(column.name, _TYPES[column.kind], metadata={"es": column.label.es, "en": column.label.en})
        for column in columns
    )


def csv_to_parquet(source: Path, columns: Sequence[Column], out: Path) -> int:
    """Write the rows of a CSV of these columns as Parquet; return how many there were."""
    schema = arrow_schema(columns)
    reader = pyarrow.csv.open_csv(
        source,
        read_options=pyarrow.csv.ReadOptions(block_size=_READ_BYTES, use_threads=False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        ),
    )
    rows, waiting, held = 0, [], 0
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in reader:
            waiting.append(batch)
            held += batch.num_rows
            if held >= ROWS_A_GROUP:
                rows += _write_group(writer, waiting, schema)
                waiting, held = [], 0
        if waiting:
            rows += _write_group(writer, waiting, schema)
    return rows


def row_count(source: Path) -> int:
    """Return how many rows a Parquet file has."""
    with pyarrow.parquet.ParquetFile(source) as file:
        rows: int = file.metadata.num_rows
        return rows


def column_names(source: Path) -> list[str]:
    """Return the names of a Parquet file's columns in their order."""
    with pyarrow.parquet.ParquetFile(source) as file:
        names: list[str] = file.schema_arrow.names
        return names


def _write_group(writer: pyarrow.parquet.ParquetWriter, batches: list[pa.RecordBatch], schema: pa.Schema) -> int:
    table = pa.Table.from_batches(batches).cast(schema)
    writer.write_table(table, row_group_size=ROWS_A_GROUP)
    # What the allocator keeps for later would grow with the rows.
    pa.default_memory_pool().release_unused()
    rows: int = table.num_rows
    return rows
