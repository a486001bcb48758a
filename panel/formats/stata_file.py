"""Stata's .dta, format 118 (Stata 14 and later), with labels and extended missing values, written in pieces.

Layout: Stata's own `help dta`. The reasons of MISSING are `.a` to `.e`, labelled; no time of writing is in the file.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from panel.columns import MISSING, Column
from panel.formats.labelled import Values, Variable, batches, variables
from panel.formats.parquet_file import row_count

LONGEST_LABEL = 80
_REASON_NAMES = "reasons"
_DOUBLE = 65526
# Type code, numpy's type, lowest and highest value, and the system missing value; .a is the next one.
_WHOLE = (
    (65530, "<i1", -127, 100, 101),
    (65529, "<i2", -32_767, 32_740, 32_741),
    (65528, "<i4", -2_147_483_647, 2_147_483_620, 2_147_483_621),
)
_LONG_MISSING = _WHOLE[-1][-1]
_FORMATS = {65530: "%8.0g", 65529: "%8.0g", 65528: "%12.0g", _DOUBLE: "%10.0g"}
_DOUBLE_MISSING, _DOUBLE_STEP = 0x7FE0000000000000, 0x0000010000000000
_SECTIONS = 14


def parquet_to_dta(source: Path, columns: Sequence[Column], language: str, out: Path) -> int:
    """Write a Parquet file's rows as .dta; return how many columns it has. Memory does not grow with the rows."""
    found = variables(source, columns, language)
    with out.open("wb") as file:
        _write(file, source, found)
    return len(found)


def _write(file: BinaryIO, source: Path, found: Sequence[Variable]) -> None:
    types = [_type(variable) for variable in found]
    file.write(b"<stata_dta>" + _header(len(found), row_count(source)))
    places = [0, file.tell()]
    file.write(_section("map", b"\0" * 8 * _SECTIONS))
    for name, content in _descriptions(found, types):
        places.append(file.tell())
        file.write(_section(name, content))
    places.append(file.tell())
    file.write(b"<data>")
    row = np.dtype([(variable.name, kind) for variable, (_code, kind) in zip(found, types, strict=True)])
    for rows, values in batches(source, found):
        table = np.zeros(rows, dtype=row)
        for variable, (code, _kind), given in zip(found, types, values, strict=True):
            table[variable.name] = _stored(given, code)
        file.write(table.tobytes())
    file.write(b"</data>")
    for name, content in (("strls", b""), ("value_labels", _value_labels(found))):
        places.append(file.tell())
        file.write(_section(name, content))
    places.append(file.tell())
    file.write(b"</stata_dta>")
    places.append(file.tell())
    file.seek(places[1] + len(b"<map>"))
    file.write(struct.pack(f"<{_SECTIONS}Q", *places))


def _type(variable: Variable) -> tuple[int, str]:
    """Return the code of the smallest type that holds a variable, and numpy's name of it."""
    if variable.is_text:
        return variable.width, f"S{variable.width}"
    if variable.is_whole:
        for code, kind, lowest, highest, _missing in _WHOLE:
            if lowest <= variable.lowest and variable.highest <= highest:
                return code, kind
    return _DOUBLE, "<f8"


def _stored(given: Values, code: int) -> NDArray[Any]:
    if code < _DOUBLE:
        return given.data
    if code == _DOUBLE:
        missing = _DOUBLE_MISSING + given.reasons.astype(np.int64) * _DOUBLE_STEP
        return np.where(given.known, given.data.astype(np.float64), missing.view(np.float64))
    missing = next(first for number, _kind, _low, _high, first in _WHOLE if number == code) + given.reasons.astype(int)
    return np.where(given.known, given.data, missing)


def _header(columns: int, rows: int) -> bytes:
    parts = (
        _section("release", b"118"),
        _section("byteorder", b"LSF"),
        _section("K", struct.pack("<H", columns)),
        _section("N", struct.pack("<Q", rows)),
        _section("label", struct.pack("<H", 0)),
        _section("timestamp", b"\0"),
    )
    return _section("header", b"".join(parts))


def _descriptions(found: Sequence[Variable], types: Sequence[tuple[int, str]]) -> list[tuple[str, bytes]]:
    codes = [code for code, _kind in types]
    formats = [_FORMATS.get(code, f"%-{code}s") for code in codes]
    return [
        ("variable_types", struct.pack(f"<{len(codes)}H", *codes)),
        ("varnames", _texts([variable.name for variable in found], 129)),
        ("sortlist", b"\0" * 2 * (len(found) + 1)),
        ("formats", _texts(formats, 57)),
        ("value_label_names", _texts([_labels_of(variable) for variable in found], 129)),
        ("variable_labels", _texts([variable.label[:LONGEST_LABEL] for variable in found], 321)),
        ("characteristics", b""),
    ]


def _labels_of(variable: Variable) -> str:
    """Return the name of a variable's value labels: its own, or those of the reasons alone."""
    if variable.is_text:
        return ""
    if variable.values:
        return variable.name
    return _REASON_NAMES if variable.column.why else ""


def _value_labels(found: Sequence[Variable]) -> bytes:
    sets = {
        _labels_of(variable): [*variable.values, *(_reasons(variable) if variable.column.why else [])]
        for variable in found
        if _labels_of(variable)
    }
    return b"".join(_value_label(name, labels) for name, labels in sets.items())


def _reasons(variable: Variable) -> list[tuple[int, str]]:
    return [
        (_LONG_MISSING + number, variable.reason_label(reason))
        for number, reason in enumerate(MISSING.values(), start=1)
    ]


def _value_label(name: str, labels: Sequence[tuple[int, str]]) -> bytes:
    texts = [text.encode() + b"\0" for _value, text in sorted(labels)]
    offsets = np.cumsum([0, *(len(text) for text in texts)])[:-1]
    joined = b"".join(texts)
    table = struct.pack("<2i", len(texts), len(joined))
    table += np.array(offsets, dtype="<i4").tobytes()
    table += np.array([value for value, _text in sorted(labels)], dtype="<i4").tobytes() + joined
    return _section("lbl", struct.pack("<I", len(table)) + _texts([name], 129) + b"\0" * 3 + table)


def _texts(texts: Sequence[str], width: int) -> bytes:
    return b"".join(_cut(text, width - 1).ljust(width, b"\0") for text in texts)


def _cut(text: str, width: int) -> bytes:
    """Return a text's bytes, no more than fit, without half a letter at the end."""
    return text.encode()[:width].decode(errors="ignore").encode()


def _section(name: str, content: bytes) -> bytes:
    return f"<{name}>".encode() + content + f"</{name}>".encode()
