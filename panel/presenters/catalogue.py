"""The pictures of the catalogue: bars with their labels in the reader's language, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from panel.columns import MISSING, UNITS, Column
from panel.summaries import Bar, Summary, is_drawn

WIDTH, BAR_TOP, BAR_BOTTOM = 300, 12, 112
LONGEST_LABEL = 44
_LINE = 34


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar of a picture, and its place; a hidden count has no height, and a mark instead."""

    x: float
    y: float
    width: float
    height: float
    label: str
    rows: int | None
    middle: float


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """One column of the codebook: what it is, how its values are spread, and what share is missing and why."""

    name: str
    label: str
    kind: str
    unit: str
    source: str
    bars: list[DrawnBar]
    counts: list[tuple[str, int | None]]
    is_lying: bool
    height: float
    edges: tuple[str, str]
    present_percent: int
    missing: list[tuple[str, int | None]]
    rows: int


def column_cards(columns: Sequence[Column], found: Sequence[Summary], language: str) -> list[ColumnCard]:
    """Return the cards of these columns with their summaries, in order."""
    return [_card(column, summary, language) for column, summary in zip(columns, found, strict=True)]


def matching(columns: Sequence[Column], words: str, language: str) -> list[Column]:
    """Return the columns in whose name, label or values every word stands, whatever its case."""
    wanted = words.casefold().split()
    return [column for column in columns if all(word in _text(column, language) for word in wanted)]


def _text(column: Column, language: str) -> str:
    values = (label.in_language(language) for _code, label in column.values)
    return " ".join((column.name, column.label.in_language(language), column.source, *values)).casefold()


def _card(column: Column, summary: Summary, language: str) -> ColumnCard:
    missing = [(_reason(code, language), rows) for code, rows in summary.missing]
    lacking = sum(rows or 0 for _code, rows in summary.missing)
    is_lying = bool(column.values)
    bars = (_lying if is_lying else _standing)(column, summary.bars, language) if is_drawn(column) else []
    return ColumnCard(
        name=column.name,
        label=column.label.in_language(language),
        kind=column.kind.value,
        unit=UNITS[column.unit].in_language(language) if column.unit else "",
        source=column.source,
        bars=bars,
        counts=[(_named(column, bar, language), bar.rows) for bar in summary.bars],
        is_lying=is_lying,
        height=_LINE * len(bars) + 4 if is_lying else BAR_BOTTOM + 24,
        edges=_edges(summary.bars),
        present_percent=round(100 * (summary.rows - lacking) / summary.rows) if summary.rows else 0,
        missing=missing,
        rows=summary.rows,
    )


def _lying(column: Column, bars: Sequence[Bar], language: str) -> list[DrawnBar]:
    """Draw the values that there are one below the other, each under its label; the table has the others, too."""
    bars = [bar for bar in bars if bar.rows != 0]
    most = max((bar.rows or 0 for bar in bars), default=0) or 1
    drawn = []
    for number, bar in enumerate(bars):
        y, width = number * _LINE + 19, (WIDTH - 8) * (bar.rows or 0) / most
        drawn.append(DrawnBar(4, y, round(width, 1), 10, _short(_named(column, bar, language)), bar.rows, 4))
    return drawn


def _standing(column: Column, bars: Sequence[Bar], language: str) -> list[DrawnBar]:
    """Draw the bins of numbers side by side."""
    most = max((bar.rows or 0 for bar in bars), default=0) or 1
    width = (WIDTH - 8) / max(1, len(bars))
    drawn = []
    for number, bar in enumerate(bars):
        height = (BAR_BOTTOM - BAR_TOP) * (bar.rows or 0) / most
        x = 4 + number * width
        drawn.append(
            DrawnBar(
                round(x + 1, 1), round(BAR_BOTTOM - height, 1), round(max(1.0, width - 2), 1), round(height, 1),
                "", bar.rows, round(x + width / 2, 1),
            )
        )  # fmt: skip
    return drawn


def _named(column: Column, bar: Bar, language: str) -> str:
    return f"{bar.code} · {dict(column.values)[bar.code].in_language(language)}" if column.values else _span(bar)


def _span(bar: Bar) -> str:
    if bar.low is None or bar.high is None:
        return ""
    if bar.high - bar.low == 1 and bar.low == int(bar.low):
        return _number(bar.low)
    return _("%(low)s to below %(high)s") % {"low": _number(bar.low), "high": _number(bar.high)}


def _edges(bars: Sequence[Bar]) -> tuple[str, str]:
    if not bars or bars[0].low is None or bars[-1].high is None:
        return "", ""
    is_whole = bars[0].high is not None and bars[0].high - bars[0].low == 1
    return _number(bars[0].low), _number(bars[-1].low if is_whole and bars[-1].low is not None else bars[-1].high)


def _number(value: Decimal) -> str:
    plain = f"{value:f}"
    return number_format(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def _reason(code: str, language: str) -> str:
    return MISSING[code].label.in_language(language) if code in MISSING else _("No reason said")


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
