"""CSV from a Parquet file: UTF-8, one header line, empty where there is no value, as the database's COPY writes it."""

from pathlib import Path

import polars as pl


def parquet_to_csv(source: Path, out: Path) -> None:
    """Write a Parquet file's rows as CSV, in their order."""
    pl.scan_parquet(source).sink_csv(out, maintain_order=True)
