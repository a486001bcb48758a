"""How the values of a column are spread, and why some are missing, as counts that are safe to show.

A cell counts rows; it is shown only if five or more women stand behind it (rows, in a data set without women).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from panel.columns import MISSING, Column, DataSet, Kind
from panel.small_cells import shown_counts

UNIT = "woman"
BINS = 8
# What a column without a reason is missing for.
_UNSAID = ""
_MISSING = "missing:"


@dataclass(frozen=True, slots=True)
class Cell:
    """What the database counts: of one column, a code or the beginning of a bin, both None where nothing is."""

    position: int
    code: str | None
    low: Decimal | None
    step: Decimal | None
    rows: int
    units: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A value, or the values from `low` up to `high`; None rows are not shown."""

    code: str
    low: Decimal | None
    high: Decimal | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The bars of a column that can be drawn, and the rows without a value by reason ("" where none is said)."""

    bars: tuple[Bar, ...]
    missing: tuple[tuple[str, int | None], ...]
    rows: int


def as_json(summary: Summary) -> dict[str, Any]:
    """Return a summary in plain values."""
    bars = [[bar.code, _text(bar.low), _text(bar.high), bar.rows] for bar in summary.bars]
    return {"bars": bars, "missing": [list(part) for part in summary.missing], "rows": summary.rows}


def from_json(said: dict[str, Any]) -> Summary:
    """Return the summary that was written down by `as_json`."""
    bars = tuple(Bar(code, _decimal(low), _decimal(high), rows) for code, low, high, rows in said["bars"])
    return Summary(bars, tuple((code, rows) for code, rows in said["missing"]), said["rows"])


def fits(summary: Summary, column: Column) -> bool:
    """Say whether a summary counts the codes that the column has today."""
    return not column.values or [bar.code for bar in summary.bars] == [code for code, _label in column.values]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def is_drawn(column: Column) -> bool:
    """Say whether a column's values are spread in a picture: numbers, and codes that have labels."""
    return bool(column.values) or column.kind != Kind.TEXT


def needed_for(columns: Sequence[Column], dataset: DataSet) -> DataSet:
    """Return the data set without the columns that a summary of these does not look at."""
    names = {UNIT, *(column.name for column in columns), *(column.missing_from for column in columns)}
    return replace(dataset, columns=tuple(column for column in dataset.columns if column.name in names))


def summary_sql(rows: str, columns: Sequence[Column], *, has_units: bool) -> str:
    """Return one statement that counts the cells of these columns and of the reasons beside them.

    Numbers without labels fall into bins with round edges, about BINS of them, so that no edge is one woman's value.
    """
    places = ", ".join(_place(position, column) for position, column in enumerate(columns))
    return f"""
        WITH given AS MATERIALIZED ({rows}),
        cells AS (
            SELECT v.*, {f"given.{UNIT}" if has_units else "NULL"} AS unit
            FROM given CROSS JOIN LATERAL (VALUES {places}) v(place, code, number, smallest)
        ),
        spans AS (
            SELECT place, max(smallest) AS smallest, (max(number) - min(number)) / {BINS} AS span
            FROM cells GROUP BY place
        ),
        tens AS (
            SELECT place, smallest, span, CASE WHEN span > 0 THEN power(10::numeric, floor(log(span))) END AS ten
            FROM spans
        ),
        steps AS (
            SELECT place, greatest(smallest, coalesce(ten * CASE
                WHEN span <= ten THEN 1 WHEN span <= 2 * ten THEN 2 WHEN span <= 5 * ten THEN 5 ELSE 10
            END, 1)) AS step
            FROM tens
        )
        SELECT place, code, low, step, sum(rows)::bigint, {"count(*)" if has_units else "sum(rows)::bigint"}
        FROM (
            SELECT c.place, c.code, floor(c.number / s.step) * s.step AS low,
                   CASE WHEN c.number IS NOT NULL THEN s.step END AS step, c.unit, count(*) AS rows
            FROM cells c JOIN steps s ON s.place = c.place
            GROUP BY 1, 2, 3, 4, 5
        ) of_each
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 2
    """  # noqa: S608 (names are declared, the statement is the data set's own)


def _place(position: int, column: Column) -> str:
    """Return a column's cells: its code or number, or why it has none, and the least step of its bins."""
    name = f"given.{column.name}"
    reason = f"'{_MISSING}' || coalesce(given.{column.why}, '')" if column.why else f"'{_MISSING}'"
    is_number = column.kind != Kind.TEXT and not column.values
    said = f" ELSE {name}::text" if column.values else ""
    code = f"CASE WHEN {name} IS NULL THEN {reason}{said} END"
    number = f"{name}::numeric" if is_number else "NULL::numeric"
    return f"({position}, {code}, {number}, {1 if column.kind == Kind.INTEGER else 0}::numeric)"


def summaries(columns: Sequence[Column], cells: Iterable[Cell]) -> list[Summary]:
    """Return each column's summary; where a cell is hidden alone, its smallest neighbour is hidden with it."""
    by_position: dict[int, list[Cell]] = {}
    for cell in cells:
        by_position.setdefault(cell.position, []).append(cell)
    return [_summary(column, by_position.get(position, [])) for position, column in enumerate(columns)]


def _summary(column: Column, cells: list[Cell]) -> Summary:
    units = {_name(cell): cell.units for cell in cells}
    shown = shown_counts(units)
    rows = {_name(cell): cell.rows if shown[_name(cell)] is not None else None for cell in cells}
    reasons = [code for code in (*MISSING, _UNSAID) if f"{_MISSING}{code}" in rows]
    return Summary(
        bars=tuple(_bars(column, cells, rows)),
        missing=tuple((code, rows[f"{_MISSING}{code}"]) for code in reasons),
        rows=sum(cell.rows for cell in cells),
    )


def _bars(column: Column, cells: list[Cell], rows: dict[str, int | None]) -> list[Bar]:
    if column.values:
        return [Bar(code, None, None, rows.get(code, 0)) for code, _label in column.values]
    found = {cell.low: rows[_name(cell)] for cell in cells if cell.low is not None}
    step = next((cell.step for cell in cells if cell.step is not None), None)
    if step is None:
        return []
    first, last = min(found), max(found)
    lows = [first + step * number for number in range(int((last - first) / step) + 1)]
    return [Bar("", low, low + step, found.get(low, 0)) for low in lows]


def _name(cell: Cell) -> str:
    return str(cell.low) if cell.code is None else cell.code
