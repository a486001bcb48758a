"""The CSV of answers that `score_scale` reads, and the CSV of scores that it writes (design, section 5)."""

import io
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from risk.scale_file import YES_NO, Answer, Scale


class AnswersFileInvalid(Exception):
    """The file cannot be scored: one sentence that names file, row (the header is row 1), column and expectation."""


def read_answers(content: bytes, name: str, scale: Scale) -> pl.DataFrame:
    """Read a CSV with `id`, one column per item and one per level override, holding an answer's code or nothing.

    Returns text columns in the scale's order, null for blank. Raise AnswersFileInvalid.
    """
    table = _table(content, name)
    expected = ["id", *(item.id for item in scale.items), *(override.code for override in scale.override)]
    _check_columns(table.column_names, expected, name)
    forms = pl.from_arrow(table.select(expected))
    if not isinstance(forms, pl.DataFrame):
        raise TypeError(forms)
    forms = forms.with_columns(pl.when(pl.col(c) != "").then(pl.col(c)) for c in expected)
    _check_ids(forms["id"], name)
    offered = {item.id: tuple(item.scores) for item in scale.items}
    for column in expected[1:]:
        _check_answers(forms[column], offered.get(column, YES_NO), name)
    return forms


def write_scores(scores: pl.DataFrame, path: Path) -> None:
    """Write `id,score,level,complete` as CSV, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            scores.with_columns(pl.col("level").replace("", None)).write_csv(file)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _table(content: bytes, name: str) -> pa.Table:
    ragged: list[pa_csv.InvalidRow] = []

    def refuse(row: pa_csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    columns = _header(content, name)
    try:
        return pa_csv.read_csv(
            io.BytesIO(content if b"\n" in content else content + b"\n"),
            # One thread: only then does the reader know the number of a bad row.
            read_options=pa_csv.ReadOptions(use_threads=False),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if ragged:
            bad = ragged[0]
            message = f"{name}, row {bad.number}: expected {bad.expected_columns} columns, found {bad.actual_columns}"
        else:
            message = f"{name}: this is no CSV file"
        raise AnswersFileInvalid(message) from error


def _header(content: bytes, name: str) -> list[str]:
    try:
        header = content.decode("utf-8-sig").split("\n", 1)[0].strip()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = f"{name}, row {row}: the file is not UTF-8 text"
        raise AnswersFileInvalid(message) from error
    if not header:
        message = f"{name}: the first row must name the columns"
        raise AnswersFileInvalid(message)
    return [column.strip('"') for column in header.split(",")]


def _check_columns(found: list[str], expected: list[str], name: str) -> None:
    for column in expected:
        if column not in found:
            hint = "each form needs an id" if column == "id" else "leave its cells empty where nothing was marked"
            message = f"{name}, row 1: column {column} is missing; {hint}"
            raise AnswersFileInvalid(message)
    for column in found:
        if column not in expected or found.count(column) > 1:
            why = "stands twice" if column in expected else "is nothing that the scale asks"
            message = f"{name}, row 1: column {column} {why}"
            raise AnswersFileInvalid(message)


def _check_ids(ids: pl.Series, name: str) -> None:
    if ids.null_count():
        row = int(ids.is_null().arg_max() or 0) + 2
        message = f"{name}, row {row}, column id: each form needs an id"
        raise AnswersFileInvalid(message)
    if ids.n_unique() < len(ids):
        row = int((~ids.is_first_distinct()).arg_max() or 0) + 2
        message = f"{name}, row {row}, column id: {ids[row - 2]} was given before; each form needs its own"
        raise AnswersFileInvalid(message)


def _check_answers(answers: pl.Series, offered: tuple[Answer, ...], name: str) -> None:
    wrong = ~answers.is_in(offered).fill_null(value=True)
    if wrong.any():
        row = int(wrong.arg_max() or 0) + 2
        known = f"neither {', '.join(offered)} nor empty"
        message = f'{name}, row {row}, column {answers.name}: "{answers[row - 2]}" is {known}'
        raise AnswersFileInvalid(message)
