"""How columns that could give a woman away are made coarser, or left out, before anything is frozen."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from panel.columns import Column, DataSet, Disclosure, Label, Values

WOMAN = "woman"
AGE_TWO_BANDS = "age_two_bands"
DAYS_IN_MONTHS = "days_in_months"
WITHOUT = "without_"
DAYS_A_MONTH = 30
_TWO_BANDS: Values = (("1", Label("18 a 34", "18 to 34")), ("2", Label("35 o más", "35 or more")))
_LAST_YOUNG_BAND = 2
_RULES = {
    AGE_TWO_BANDS: Label("Edad en dos grupos", "Age in two bands"),
    DAYS_IN_MONTHS: Label("Días desde la inscripción, de 30 en 30", "Days since enrolment, in steps of 30"),
}


def rules_for(datasets: Iterable[DataSet]) -> dict[str, Label]:
    """Return the rules that change anything in these data sets, by code, with what each does."""
    columns = {column.name: column for dataset in datasets for column in dataset.columns}
    found = {code: label for code, label in _RULES.items() if any(_coarsens(code, one) for one in columns.values())}
    found |= {
        f"{WITHOUT}{column.name}": Label(f"Sin la columna {column.name}", f"Without the column {column.name}")
        for column in columns.values()
        if is_trait(column)
    }
    return found


def is_trait(column: Column) -> bool:
    """Say whether a column is a trait by which, beside others, a woman could be known; her code is none."""
    return column.disclosure == Disclosure.QUASI_IDENTIFIER and column.name != WOMAN


def generalised_columns(columns: Iterable[Column], rules: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns as they are after the rules."""
    kept = (column for column in columns if f"{WITHOUT}{column.name}" not in rules)
    return tuple(_coarser(column, rules) for column in kept)


def generalised_rows(rows: pl.LazyFrame, columns: Iterable[Column], rules: Sequence[str]) -> pl.LazyFrame:
    """Return rows after the rules, with the columns that are left then."""
    return rows.select(_expression(column, rules) for column in columns)


def _coarsens(rule: str, column: Column) -> bool:
    if rule == AGE_TWO_BANDS:
        return column.name == "age_band"
    return rule == DAYS_IN_MONTHS and column.unit == "days" and column.name.startswith("days_")


def _coarser(column: Column, rules: Sequence[str]) -> Column:
    if AGE_TWO_BANDS in rules and _coarsens(AGE_TWO_BANDS, column):
        return replace(column, values=_TWO_BANDS)
    return column


def _expression(column: Column, rules: Sequence[str]) -> pl.Expr:
    value = pl.col(column.name)
    if AGE_TWO_BANDS in rules and _coarsens(AGE_TWO_BANDS, column):
        return ((value > _LAST_YOUNG_BAND).cast(pl.Int64) + 1).alias(column.name)
    if DAYS_IN_MONTHS in rules and _coarsens(DAYS_IN_MONTHS, column):
        return (value.floordiv(DAYS_A_MONTH) * DAYS_A_MONTH).alias(column.name)
    return value
