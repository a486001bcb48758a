"""The headline table of a release: what share of women answered yes, by wave and group; small cells are left empty.

Whoever loads the data gets the same by `headline.do` and `headline.R`, which come along.
"""

import csv
import io

import polars as pl

from panel.columns import DataSet
from panel.small_cells import SMALLEST_SHOWN
from panel.tables.wide import wide_name

DATASET = "panel_wave"
WIDE_DATASET = wide_name(DATASET)
OUTCOME = "physical"
KEYS = ("wave", "group")
HEADER = ("wave", "group", "answered", "yes", "share")


def headline_source(datasets: tuple[DataSet, ...]) -> DataSet | None:
    """Return what the scripts make the table from: the panel, or its wide form where that alone is given out."""
    by_name = {dataset.name: dataset for dataset in datasets}
    return by_name.get(DATASET, by_name.get(WIDE_DATASET))


def waves_of(dataset: DataSet) -> list[str]:
    """Return the codes of the waves of which a wide form has the outcome; none of a long one."""
    beginning = f"{OUTCOME}_w"
    endings = (column.name.removeprefix(beginning) for column in dataset.columns if column.name.startswith(beginning))
    return [code for code in endings if code.isdecimal()]


def headline_csv(rows: pl.LazyFrame) -> str:
    """Return the table of the frozen rows as CSV: women who answered, who said yes, and their share to four digits.

    A cell is empty where fewer than five answered, or where one to four said yes, or no.
    """
    counts = (
        rows.filter(pl.col(OUTCOME).is_not_null())
        .group_by(KEYS)
        .agg(pl.len().alias("answered"), pl.col(OUTCOME).sum().alias("yes"))
        .sort(KEYS)
        .collect()
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for wave, group, answered, yes in counts.iter_rows():
        writer.writerow((wave, group, *shown(int(answered), int(yes))))
    return out.getvalue()


def shown(answered: int, yes: int) -> tuple[str, str, str]:
    """Return the cells of a row: who answered, who said yes, the share; empty where they would show a few women."""
    if answered < SMALLEST_SHOWN:
        return ("", "", "")
    if any(0 < count < SMALLEST_SHOWN for count in (yes, answered - yes)):
        return (str(answered), "", "")
    return (str(answered), str(yes), f"{yes / answered:.4f}")
