"""The codebook of a data set: one line a column, from the same declaration as the data."""

import csv
import io
from collections.abc import Sequence

from panel.columns import Column, Values

HEADER = (
    "name", "type", "label_es", "label_en", "values_es", "values_en", "unit", "missing", "source", "disclosure",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def codebook_csv(columns: Sequence[Column]) -> str:
    """Write the codebook of these columns as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for column in columns:
        writer.writerow(
            neutral(text)
            for text in (
                column.name,
                column.kind,
                column.label.es,
                column.label.en,
                _values(column.values, "es"),
                _values(column.values, "en"),
                column.unit,
                _missing(column),
                column.source,
                column.disclosure,
            )
        )
    return out.getvalue()


def _missing(column: Column) -> str:
    return f"empty, why: {column.why}" if column.why else "never empty"


def neutral(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _values(values: Values, language: str) -> str:
    return "; ".join(f"{code} = {label.in_language(language)}" for code, label in values)
