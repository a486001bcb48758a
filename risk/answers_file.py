"""The CSV of answers that `score_scale` reads, and the CSV of scores that it writes (design, section 5)."""

import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from risk.scale_file import YES_NO, Answer, Scale


class AnswersFileInvalid(Exception):
    """The file cannot be scored: one sentence that names file, row (the header is row 1), column and expectation."""


def read_answers(content: bytes, name: str, scale: Scale) -> pl.DataFrame:
    """Read a CSV with `id`, one column per item and one per level override, holding an answer's code or nothing.

    Returns columns in the scale's order, the id as text and the rest as categories, null for blank. Raise
    AnswersFileInvalid.
    """
    table = _table(content, name)
    expected = ["id", *(item.id for item in scale.items), *(override.code for override in scale.override)]
    _check_columns(table.column_names, expected, name)
    forms = pl.from_arrow(table.select(expected))
    if not isinstance(forms, pl.DataFrame):
        raise TypeError(forms)
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
    columns = _header(content, name)
    try:
        return _read(content, columns, pa_csv.ReadOptions(use_threads=True), lambda _row: "error")
    except pa.ArrowInvalid:
        # Read again by one thread: only then does the reader know the number of a bad row.
        return _read_to_the_bad_row(content, columns, name)


def _read_to_the_bad_row(content: bytes, columns: list[str], name: str) -> pa.Table:
    ragged: list[pa_csv.InvalidRow] = []

    def refuse(row: pa_csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    try:
        return _read(content, columns, pa_csv.ReadOptions(use_threads=False), refuse)
    except pa.ArrowInvalid as error:
        if ragged:
            bad = ragged[0]
            message = f"{name}, row {bad.number}: expected {bad.expected_columns} columns, found {bad.actual_columns}"
        else:
            message = f"{name}: this is no CSV file"
        raise AnswersFileInvalid(message) from error


def _read(
    content: bytes, columns: list[str], options: pa_csv.ReadOptions, refuse: Callable[[pa_csv.InvalidRow], str]
) -> pa.Table:
    return pa_csv.read_csv(
        io.BytesIO(content if b"\n" in content else content + b"\n"),
        read_options=options,
        # Looking for lines that go on in quotes takes as long again: only where there are quotes.
        parse_options=pa_csv.ParseOptions(newlines_in_values=b'"' in content, invalid_row_handler=refuse),
        convert_options=pa_csv.ConvertOptions(
            # The few answers that there are, and a number for each cell: a tenth of the memory of text.
            column_types=dict.fromkeys(columns, pa.dictionary(pa.int32(), pa.string())) | {"id": pa.string()},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _header(content: bytes, name: str) -> list[str]:
    try:
        content.decode("utf-8")
        header = (
            content[: content.find(b"\n") if b"\n" in content else None].decode("utf-8-sig").strip() if content else ""
        )
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
    unknown = set(answers.unique().drop_nulls().to_list()) - set(offered)
    if unknown:
        row = int(answers.cast(pl.String).is_in(sorted(unknown)).arg_max() or 0) + 2
        known = f"neither {', '.join(offered)} nor empty"
        message = f'{name}, row {row}, column {answers.name}: "{answers[row - 2]}" is {known}'
        raise AnswersFileInvalid(message)
