"""Any panel in a CSV or Parquet file, checked row by row and turned into arrays, or refused in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from panel.estimators.clustered import Bools, Floats, Ints, PanelArrays
from panel.estimators.remarks import Remark, remark

LARGEST_NUMBER = 1e100
"""Beyond it squares of squares leave what a computer counts with."""
MISSING_TEXTS = ("", "NA", "NaN", "nan", ".", "null", "None")
NOT_DUE = "not_due"
_FIRST_CSV_ROW = 2
_MOST_COLUMNS_NAMED, _MOST_LETTERS = 30, 40


class DataInvalid(ValueError):
    """The file cannot be estimated on: one sentence that names file, column and row, or a remark."""

    def __init__(self, said: str | Remark) -> None:
        self.remark = remark("data", sentence=said) if isinstance(said, str) else said
        super().__init__(self.remark.english)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Which column is what. Treatments come before covariates in the result.

    `by_time` are traits of woman or district that enter times each period but the first; `moderator` is the trait by
    which the effects may differ. `asks_who_answered` makes 1 of an outcome that is there and 0 of one that is not, and
    leaves out rows whose time has not come, where the file says so, unless `has_not_due`.
    """

    outcome: str
    treatments: tuple[str, ...]
    unit: str
    time: str
    cluster: str
    covariates: tuple[str, ...] = ()
    by_time: tuple[str, ...] = ()
    moderator: str | None = None
    asks_who_answered: bool = False
    has_not_due: bool = False

    @property
    def explaining(self) -> tuple[str, ...]:
        return (*self.treatments, *self.covariates, *self.by_time, *([self.moderator] if self.moderator else []))

    @property
    def numeric(self) -> tuple[str, ...]:
        return (self.outcome, *self.explaining)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.unit, self.time, self.cluster)))


@dataclass(frozen=True, slots=True)
class FilePanel:
    """A file's complete rows as arrays, what its codes stand for, and remarks that count the rows left out.

    `traits` (n × q) are the model's `by_time` columns and `moderator` (n) its own; `periods` name the codes 0… of time,
    in the order of their numbers where they are numbers, and `every_period` also those of which no row is complete.
    `rows` (n) are those of the file, from 0.
    """

    panel: PanelArrays
    traits: Floats
    moderator: Floats | None
    periods: tuple[str, ...]
    every_period: tuple[str, ...]
    remarks: tuple[Remark, ...]
    rows: Ints


def read_panel(path: Path, model: Model) -> FilePanel:
    """Read and check the columns of the model, with effects of unit and time.

    Rows are counted as a spreadsheet shows them: the header of a CSV is row 1, the first row of a Parquet file 1.
    Raise DataInvalid.
    """
    _refuse_repeated_names(model)
    columns = tuple(dict.fromkeys((*model.numeric, *model.keys)))
    frame = read_frame(path, columns)
    if frame.is_empty():
        raise DataInvalid(f"{path.name}: no rows")
    numbers = {name: _numbers(frame[name], path) for name in model.numeric}
    if model.asks_who_answered:
        numbers[model.outcome] = (~np.isnan(numbers[model.outcome])).astype(np.float64)
    keys = {name: key_texts(frame[name], path) for name in model.keys}
    unit, time, cluster = (_coded(keys[name]) for name in (model.unit, model.time, model.cluster))
    _refuse_duplicates(unit.codes, time.codes, frame, model, path)
    keep, remarks = _complete_rows(numbers, model)
    if model.asks_who_answered and not model.has_not_due:
        due = _due(path, model.outcome, keep)
        remarks += [remark("not_due", rows=int((keep & ~due).sum()))] if (keep & ~due).any() else []
        keep &= due
    if not keep.any():
        raise DataInvalid(remark("no_complete_row", file=path.name, columns=", ".join(model.numeric)))
    every_period = time.labels
    time, cluster = time.of_rows(keep), cluster.of_rows(keep)
    regressors = (*model.treatments, *model.covariates)
    panel = PanelArrays(
        outcome=numbers[model.outcome][keep],
        regressors=np.column_stack([numbers[name][keep] for name in regressors]),
        names=regressors,
        treatments=len(model.treatments),
        unit=unit.of_rows(keep).codes,
        time=time.codes,
        cluster=cluster.codes,
        cluster_names=cluster.labels,
    )
    traits = [numbers[name][keep] for name in model.by_time]
    return FilePanel(
        panel=panel,
        traits=np.column_stack(traits) if traits else np.empty((len(panel.outcome), 0)),
        moderator=numbers[model.moderator][keep] if model.moderator else None,
        periods=time.labels,
        every_period=every_period,
        remarks=tuple(remarks),
        rows=np.flatnonzero(keep).astype(np.int64),
    )


def read_reasons(path: Path, outcome: str) -> list[str] | None:
    """Return, by row of the file, the code of why an outcome is not there ("" where none is said).

    They stand in the column of the outcome's name and "_why", or of what a name of several words begins with, as the
    study's data sets have them. None where there is no such column. Raise DataInvalid.
    """
    words = outcome.split("_")
    names = ["_".join([*words[:count], "why"]) for count in range(len(words), 0, -1)]
    present = _opened(path).collect_schema().names()
    found = next((name for name in names if name in present), None)
    if found is None:
        return None
    return _as_texts(read_frame(path, [found])[found], path).fill_null("").to_list()


def _due(path: Path, outcome: str, rows: Bools) -> Bools:
    """Say of which rows the time has come: who is not yet to be asked is not lost."""
    said = read_reasons(path, outcome)
    return np.ones(len(rows), dtype=bool) if said is None else np.array([why != NOT_DUE for why in said])


@dataclass(frozen=True, slots=True)
class _Coded:
    codes: Ints
    labels: tuple[str, ...]

    def of_rows(self, keep: Bools) -> "_Coded":
        there, codes = np.unique(self.codes[keep], return_inverse=True)
        return _Coded(np.asarray(codes, dtype=np.int64), tuple(self.labels[code] for code in there))


def _refuse_repeated_names(model: Model) -> None:
    names = list(model.numeric)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataInvalid(f"{', '.join(repeated)}: named more than once among outcome, treatments and covariates")


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() != ".parquet"


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read some columns of a CSV, as texts, or of a Parquet file; all where none is named. Raise DataInvalid."""
    if not path.is_file():
        raise DataInvalid(f"{path}: no such file")
    try:
        lazy = _opened(path)
        present = lazy.collect_schema().names()
        # How the reader of CSV calls a column whose name another one has.
        twice = [name for name in columns or () if _is_csv(path) and f"{name}_duplicated_0" in present]
        if twice:
            raise DataInvalid(f"{path.name}: {', '.join(twice)} stands twice in the header")
        missing = [name for name in columns or () if name not in present]
        if missing:
            raise DataInvalid(no_column(path, missing, present))
        return lazy.collect() if columns is None else lazy.select(columns).collect()
    except pl.exceptions.NoDataError:
        raise DataInvalid(f"{path.name}: empty, without even a header") from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unknown reason"
        raise DataInvalid(f"{path.name}: cannot be read as {_kind(path)}: {reason}") from error


def no_column(path: Path, missing: Sequence[str], present: Sequence[str]) -> Remark:
    """Say which columns a file lacks, and the first of those that it has, all in one line."""
    more = [*map(_shown, present[:_MOST_COLUMNS_NAMED]), *(["…"] if len(present) > _MOST_COLUMNS_NAMED else [])]
    return remark("no_column", file=path.name, columns=", ".join(missing), present=", ".join(more))


def _shown(value: object) -> str:
    """Write a file's text so that it stays within its line, signs that move a cursor by their codes."""
    text = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in str(value)[: _MOST_LETTERS + 1])
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"


def _row(path: Path, place: int) -> str:
    """Name a row as a spreadsheet counts it."""
    return f"{path.name}, row {place + (_FIRST_CSV_ROW if _is_csv(path) else 1)}"


def _opened(path: Path) -> pl.LazyFrame:
    return pl.scan_csv(path, infer_schema=False) if _is_csv(path) else pl.scan_parquet(path)


def _kind(path: Path) -> str:
    return "CSV" if _is_csv(path) else "Parquet"


def _numbers(column: pl.Series, path: Path) -> Floats:
    """Convert to numbers, missing as NaN; name the first row that is neither."""
    if column.dtype in (pl.Categorical, pl.Enum, pl.Null):
        column = column.cast(pl.String)
    if column.dtype == pl.String:
        text = column.str.strip_chars()
        missing = text.is_null() | text.is_in(MISSING_TEXTS)
        values = text.cast(pl.Float64, strict=False)
    elif column.dtype.is_numeric() or column.dtype == pl.Boolean:
        missing = column.is_null()
        values = column.cast(pl.Float64)
    else:
        raise DataInvalid(f"{path.name}: column {column.name} holds {column.dtype}, not numbers")
    found = values.fill_null(float("nan")).to_numpy()
    wrong = ~missing.to_numpy() & (np.isinf(found) | (np.isnan(found) & values.is_null().to_numpy()))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataInvalid(f"{_row(path, row)}, column {column.name}: expected a number, not '{_shown(column[row])}'")
    large = ~missing.to_numpy() & (np.abs(found) > LARGEST_NUMBER)
    if large.any():
        row = int(np.flatnonzero(large)[0])
        raise DataInvalid(
            f"{_row(path, row)}, column {column.name}: expected a number of at most {LARGEST_NUMBER:g} in size, "
            f"not '{_shown(column[row])}'"
        )
    return np.where(missing.to_numpy(), np.nan, found)


def key_texts(column: pl.Series, path: Path) -> pl.Series:
    """Return the texts of a column that every row needs a value of. Raise DataInvalid, which names the row."""
    text = _as_texts(column, path)
    missing = (text.is_null() | text.is_in(MISSING_TEXTS)).to_numpy()
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise DataInvalid(f"{_row(path, row)}, column {column.name}: no value, but every row needs one")
    return text


def _as_texts(column: pl.Series, path: Path) -> pl.Series:
    try:
        return column.cast(pl.String).str.strip_chars()
    except pl.exceptions.PolarsError:
        raise DataInvalid(f"{path.name}: column {column.name} holds {column.dtype}, not texts or numbers") from None


def _coded(texts: pl.Series) -> _Coded:
    """Number the different texts in their order: as numbers where all of them are, so that 2 comes before 10."""
    labels = texts.unique().sort()
    numbers = labels.cast(pl.Float64, strict=False)
    if not numbers.has_nulls():
        labels = labels[numbers.arg_sort()]
    order = pl.DataFrame({"text": labels, "code": np.arange(len(labels))})
    codes = pl.DataFrame({"text": texts}).join(order, on="text", how="left", maintain_order="left")["code"]
    return _Coded(codes.to_numpy().astype(np.int64), tuple(labels))


def _refuse_duplicates(unit: Ints, time: Ints, frame: pl.DataFrame, model: Model, path: Path) -> None:
    cell = unit * (int(time.max()) + 1) + time
    order = np.argsort(cell, kind="stable")
    again = order[1:][cell[order][1:] == cell[order][:-1]]
    if len(again):
        row = int(again.min())
        raise DataInvalid(
            f"{_row(path, row)}: {model.unit} {_shown(frame[model.unit][row])} is there twice at "
            f"{model.time} {_shown(frame[model.time][row])}; expected one row a unit and time"
        )


def _complete_rows(numbers: dict[str, Floats], model: Model) -> tuple[np.ndarray, list[Remark]]:
    remarks = []
    keep = ~np.isnan(numbers[model.outcome])
    if dropped := int((~keep).sum()):
        remarks.append(remark("outcome_missing", rows=dropped, column=model.outcome))
    for name in model.explaining:
        present = ~np.isnan(numbers[name])
        if dropped := int((keep & ~present).sum()):
            remarks.append(remark("value_missing", rows=dropped, column=name))
        keep &= present
    return keep, remarks
