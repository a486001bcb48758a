"""The wide form of a panel: one row a woman, a column for each period of what differs between them."""

from dataclasses import replace

from panel.columns import Column, DataSet, Label


class TooWide(ValueError):
    """The data set has no periods to be spread over columns; the sentence names it."""


def widened(dataset: DataSet) -> DataSet:
    """Declare the wide form: fixed columns as they are, each other one as `<name>_w<period>`. Raises TooWide.

    Its expressions read the long form under the alias `l`.
    """
    period = _period(dataset)
    columns: list[Column] = []
    for column in dataset.columns:
        if column.name == period.name:
            continue
        if column.is_fixed:
            why = f"min(l.{column.why})" if column.missing else ""
            columns.append(replace(column, expression=f"min(l.{column.name})", missing=why))
            continue
        columns += [_spread(column, period, code, label) for code, label in period.values]
    return replace(dataset, columns=tuple(columns), row=_ROW, period="")


_ROW = Label("Una mujer; cada columna que cambia lleva su ola.", "A woman; each column that changes has its wave.")


def wide_sql(statement: str, dataset: DataSet, *, reads_arm: bool) -> str:
    """Return the statement of the wide form from that of the long one."""
    columns = ", ".join(
        f"{column.expression} AS {column.name}" for column in widened(dataset).written(reads_arm=reads_arm)
    )
    return f"SELECT {columns} FROM ({statement}) l GROUP BY l.woman ORDER BY l.woman"  # noqa: S608 (declared text)


def _period(dataset: DataSet) -> Column:
    found = next((column for column in dataset.columns if column.name == dataset.period), None)
    if found is None or not found.values:
        raise TooWide(f"{dataset.name}: there are no periods to spread over columns")
    return found


def _spread(column: Column, period: Column, code: str, label: Label) -> Column:
    return replace(
        column,
        name=f"{column.name}_w{code}",
        label=Label(f"{column.label.es} ({label.es})", f"{column.label.en} ({label.en})"),
        expression=f"max(l.{column.name}) FILTER (WHERE l.{period.name} = {code})",
        missing=f"max(l.{column.why}) FILTER (WHERE l.{period.name} = {code})" if column.missing else "",
        missing_from=f"{column.missing_from}_w{code}" if column.missing_from else "",
    )
