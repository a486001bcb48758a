"""What changed between two frozen cuts of a data set: rows and columns that came, went or differ."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from panel.columns import DataSet
from panel.generalising import WOMAN

_SEEN, _PLACE = "__seen", "__place"
_BEFORE = "__before"
# Where a table has no women, a row is of a station, at a time that has one of these names.
_STATION = "station"
_TIMES = ("wave", "week", "month")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A data set's frozen rows, and each woman's number by her code there: the same number in any other release."""

    dataset: DataSet
    rows: pl.LazyFrame
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a data set; `cells` has for each column how many rows differ in it."""

    dataset: str
    rows_before: int
    rows_after: int
    rows_added: int
    rows_dropped: int
    rows_changed: int
    columns_added: tuple[str, ...]
    columns_dropped: tuple[str, ...]
    columns_relabelled: tuple[str, ...]
    cells: tuple[tuple[str, int], ...]

    @property
    def is_same(self) -> bool:
        """Say whether nothing changed."""
        return not (
            self.rows_added
            or self.rows_dropped
            or self.rows_changed
            or self.columns_added
            or self.columns_dropped
            or self.columns_relabelled
        )


def compare(before: Frozen, after: Frozen, *, leave_days: bool = False) -> Changes:
    """Compare two cuts of one data set. Rows are matched by woman and time, and among those by their order.

    `leave_days` leaves columns of days out, which were shifted on purpose.
    """
    columns_before, columns_after = (
        {column.name: column for column in cut.dataset.written(reads_arm=True)} for cut in (before, after)
    )
    keys = _keys(columns_before.keys() & columns_after.keys())
    common = [
        name
        for name, column in columns_after.items()
        if name in columns_before and name not in keys and not (leave_days and column.unit == "days")
    ]
    matched = _matched(before, after, keys, common)
    counts = _counts(matched, common)
    return Changes(
        dataset=after.dataset.name,
        rows_before=counts["before"],
        rows_after=counts["after"],
        rows_added=counts["after"] - counts["both"],
        rows_dropped=counts["before"] - counts["both"],
        rows_changed=counts["changed"],
        columns_added=tuple(name for name in columns_after if name not in columns_before),
        columns_dropped=tuple(name for name in columns_before if name not in columns_after),
        columns_relabelled=tuple(
            name
            for name, column in columns_after.items()
            if name in columns_before and _words(column) != _words(columns_before[name])
        ),
        cells=tuple((name, counts[name]) for name in common if counts[name]),
    )


def _keys(names: set[str]) -> list[str]:
    owner = [WOMAN] if WOMAN in names else [name for name in (_STATION,) if name in names]
    return [*owner, *(name for name in _TIMES if name in names)]


def _matched(before: Frozen, after: Frozen, keys: list[str], common: list[str]) -> pl.LazyFrame:
    old, new = (_placed(cut, keys, common) for cut in (before, after))
    on = [*keys, _PLACE]
    renamed = old.rename({name: f"{_BEFORE}{name}" for name in (*common, _SEEN)})
    return new.join(renamed, on=on, how="full", coalesce=True, nulls_equal=True)


def _placed(cut: Frozen, keys: list[str], common: list[str]) -> pl.LazyFrame:
    """Return the rows with the woman's number for her code, and each row's place among those of the same keys."""
    rows = cut.rows.select(*keys, *common)
    if WOMAN in keys:
        rows = rows.with_columns(pl.col(WOMAN).replace_strict(cut.numbers, default=None, return_dtype=pl.Int64))
    place = pl.int_range(pl.len()).over(keys) if keys else pl.int_range(pl.len())
    return rows.with_columns(place.alias(_PLACE), pl.lit(value=True).alias(_SEEN))


def _counts(matched: pl.LazyFrame, common: list[str]) -> dict[str, int]:
    is_new, is_old = pl.col(_SEEN).is_not_null(), pl.col(f"{_BEFORE}{_SEEN}").is_not_null()
    differs = {name: pl.col(name).ne_missing(pl.col(f"{_BEFORE}{name}")) & is_new & is_old for name in common}
    found = matched.select(
        is_new.sum().alias("__new"),
        is_old.sum().alias("__old"),
        (is_new & is_old).sum().alias("__both"),
        (pl.any_horizontal(*differs.values()) if differs else pl.lit(value=False)).sum().alias("__changed"),
        *(differing.sum().alias(name) for name, differing in differs.items()),
    ).collect()
    said = {name: int(found[name][0]) for name in found.columns}
    named = {"after": "__new", "before": "__old", "both": "__both", "changed": "__changed"}
    return {**{name: said[name] for name in common}, **{name: said[under] for name, under in named.items()}}


def _words(column: Any) -> tuple[Any, ...]:
    return (column.label, column.values, column.unit, column.kind)
