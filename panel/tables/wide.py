"""The wide form of a panel: one row a woman, a column for each period of what differs between them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from panel.columns import Column, DataSet, Label

_ROW = Label(
    "Una mujer; cada columna que cambia lleva al final de su nombre la letra y el número del período.",
    "A woman; each column that changes has the letter and number of its period at the end of its name.",
)


class TooWide(ValueError):
    """The data set has no periods to be spread over columns; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the values of a wide column stand in the long form: in the rows of a period, or in any ("")."""

    column: str
    period: str


def has_wide_form(dataset: DataSet) -> bool:
    """Say whether a data set is a panel whose periods are few enough to have columns of their own."""
    return any(column.name == dataset.period and column.values for column in dataset.columns)


def wide_name(name: str) -> str:
    """Return the name of a panel's wide form."""
    return f"{name}_wide"


def widened(dataset: DataSet) -> DataSet:
    """Declare the wide form: fixed columns as they are, each other one as `<name>_w<wave>` or `_m<month>`.

    Its expressions read the long form under the alias `l`. Raises TooWide.
    """
    columns = tuple(wide for _long, wide, _code in _spread_columns(dataset))
    return replace(dataset, name=wide_name(dataset.name), columns=columns, row=_ROW, period="")


def origins(dataset: DataSet) -> dict[str, Origin]:
    """Return where the values of each wide column and companion stand, by its name. Raises TooWide."""
    found: dict[str, Origin] = {}
    for long, wide, code in _spread_columns(dataset):
        found[wide.name] = Origin(long.name, code)
        if wide.companion is not None:
            found[wide.companion.name] = Origin(long.why, code)
    return found


def wide_sql(statement: str, dataset: DataSet, *, reads_arm: bool) -> str:
    """Return the statement of the wide form from that of the long one."""
    columns = ", ".join(
        f"{column.expression} AS {column.name}" for column in widened(dataset).written(reads_arm=reads_arm)
    )
    return f"SELECT {columns} FROM ({statement}) l GROUP BY l.woman ORDER BY l.woman"  # noqa: S608 (declared text)


def _spread_columns(dataset: DataSet) -> Iterator[tuple[Column, Column, str]]:
    """Yield each column with each of its wide ones and the code of that one's period, "" for a fixed column."""
    period = _period(dataset)
    for column in dataset.columns:
        if column.name == period.name:
            continue
        if column.is_fixed:
            why = f"min(l.{column.why})" if column.missing else ""
            yield column, replace(column, expression=f"min(l.{column.name})", missing=why), ""
            continue
        for code, label in period.values:
            yield column, _spread(column, period, code, label), code


def _period(dataset: DataSet) -> Column:
    found = next((column for column in dataset.columns if column.name == dataset.period), None)
    if found is None:
        raise TooWide(f"{dataset.name}: there are no periods to spread over columns")
    if not found.values:
        raise TooWide(f"{dataset.name}: more columns than Stata and the database take; export it long")
    return found


def _spread(column: Column, period: Column, code: str, label: Label) -> Column:
    """Return a column of one period, whose label begins with it: Stata cuts long labels at their end."""
    ending = f"_{period.name[0]}{code}"
    return replace(
        column,
        name=f"{column.name}{ending}",
        label=Label(f"{label.es}: {column.label.es}", f"{label.en}: {column.label.en}"),
        expression=f"max(l.{column.name}) FILTER (WHERE l.{period.name} = {code})",
        missing=f"max(l.{column.why}) FILTER (WHERE l.{period.name} = {code})" if column.missing else "",
        missing_from=f"{column.missing_from}{ending}" if column.missing_from else "",
    )
