"""What Stata's and SPSS's files share: variables with labels in one language, and their rows in batches of arrays.

A text that is one of declared values becomes its number, from 1, under the value's label; a value that is missing
becomes the number of its reason in MISSING, from 1, or 0 where no reason was told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

from panel.columns import MISSING, Column, Kind, Missing

# Of numbers a batch takes eight bytes a cell, several times over.
_ROWS_A_BATCH = 4_096


def _texts(texts: Sequence[str]) -> pa.StringArray:
    """Return texts as Arrow has them. Its own ways in and out of Python load pandas, which takes 50 MB."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *(len(text) for text in encoded)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(encoded)))


_REASONS = _texts(list(MISSING))


class ValueNotDeclared(ValueError):
    """A coded column holds a code that its declaration does not know; the sentence names both."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A column as such a file holds it: `width` bytes of text, or a number, whole between `lowest` and `highest`."""

    column: Column
    label: str
    values: tuple[tuple[int, str], ...]
    language: str
    width: int = 0
    is_whole: bool = True
    lowest: int = 0
    highest: int = 0

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def is_text(self) -> bool:
        return self.width > 0

    def reason_label(self, reason: Missing) -> str:
        """Return the words of a reason in the file's language."""
        return reason.label.in_language(self.language)


@dataclass(frozen=True, slots=True)
class Values:
    """A variable's values in one batch: what is not `known` has its reason's number."""

    data: NDArray[Any]
    known: NDArray[np.bool_]
    reasons: NDArray[np.int8]


def variables(source: Path, columns: Sequence[Column], language: str) -> list[Variable]:
    """Return the variables of a Parquet file's columns, companions left out."""
    with pyarrow.parquet.ParquetFile(source) as file:
        kept = [column for column in columns if not column.is_companion]
        return [_variable(file, column, language) for column in kept]


def batches(source: Path, found: Sequence[Variable]) -> Iterator[tuple[int, list[Values]]]:
    """Yield the number of rows and the values of each variable, some thousand rows at a time."""
    with pyarrow.parquet.ParquetFile(source) as file:
        for batch in file.iter_batches(batch_size=_ROWS_A_BATCH):
            yield batch.num_rows, [_values(batch, variable) for variable in found]


def _variable(file: pyarrow.parquet.ParquetFile, column: Column, language: str) -> Variable:
    label = column.label.in_language(language)
    texts = [text.in_language(language) for _code, text in column.values]
    if column.kind == Kind.NUMBER:
        return Variable(column, label, (), language, is_whole=False)
    if column.kind == Kind.TEXT and not column.values:
        return Variable(column, label, (), language, width=_longest(file, column.name))
    if column.kind == Kind.TEXT:
        return Variable(column, label, tuple(enumerate(texts, start=1)), language, lowest=1, highest=len(texts))
    coded = tuple(zip((int(code) for code, _text in column.values), texts, strict=True))
    lowest, highest = _bounds(file, column.name)
    return Variable(column, label, coded, language, lowest=lowest, highest=highest)


def _longest(file: pyarrow.parquet.ParquetFile, name: str) -> int:
    lengths = (pc.max(pc.binary_length(batch.column(0))).as_py() for batch in file.iter_batches(columns=[name]))
    return max((length or 1 for length in lengths), default=1) or 1


def _bounds(file: pyarrow.parquet.ParquetFile, name: str) -> tuple[int, int]:
    place, metadata = file.schema_arrow.names.index(name), file.metadata
    groups = [metadata.row_group(number).column(place).statistics for number in range(metadata.num_row_groups)]
    known = [group for group in groups if group is not None and group.has_min_max]
    return min((group.min for group in known), default=0), max((group.max for group in known), default=0)


def _values(batch: pa.RecordBatch, variable: Variable) -> Values:
    column = batch.column(variable.name)
    known = _known(column)
    reasons = np.zeros(batch.num_rows, dtype=np.int8)
    if variable.column.why in batch.schema.names and not known.all():
        told = pc.index_in(batch.column(variable.column.why), value_set=_REASONS)
        reasons = np.where(_known(told), _cells(told) + 1, 0).astype(np.int8)
    return Values(_numbers(column, variable), known, reasons)


def _numbers(column: pa.Array, variable: Variable) -> NDArray[Any]:
    if variable.is_text:
        texts = column.to_pylist()
        return np.array([(text or "").encode() for text in texts], dtype=f"S{variable.width}")
    if variable.column.kind == Kind.TEXT:
        places = pc.index_in(column, value_set=_texts([code for code, _label in variable.column.values]))
        if places.null_count > column.null_count:
            raise ValueNotDeclared(f"{variable.name}: a code that its declaration does not know")
        return _cells(places) + 1
    return _cells(column)


def _known(column: pa.Array) -> NDArray[np.bool_]:
    return np.from_dlpack(pc.cast(pc.is_valid(column), pa.uint8())).view(np.bool_)


def _cells(column: pa.Array) -> NDArray[Any]:
    """Return numbers as they lie in memory; where there is none, whatever lies there."""
    kind = np.dtype(str(column.type).replace("double", "float64"))
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)
