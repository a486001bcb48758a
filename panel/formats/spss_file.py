"""SPSS's .sav with labels and user-missing values, row-compressed, written in pieces.

Layout: the system file format as the PSPP project documents it. The reasons of MISSING are the range -99 to -95 of each
variable, labelled; no time of writing is in the file.
"""

import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from panel.columns import MISSING, Column
from panel.formats.labelled import Values, Variable, batches, variables
from panel.formats.parquet_file import row_count

LONGEST_LABEL, LONGEST_VALUE_LABEL = 255, 120
_BIAS = 100
_RAW, _BLANK, _SYSTEM_MISSING = 253, 254, 255
_BLOCK = 8
_LARGEST = sys.float_info.max
_SPACES = int.from_bytes(b" " * _BLOCK, "little")
_CODES = np.array([np.nan, *(reason.spss for reason in MISSING.values())])
_SMALLEST_BYTE, _LARGEST_BYTE = 1 - _BIAS, 251 - _BIAS
_NOMINAL, _SCALE = 1, 3
_LEFT, _RIGHT = 0, 1
_TEXT_FORMAT, _NUMBER_FORMAT = 1, 5


def parquet_to_sav(source: Path, columns: Sequence[Column], language: str, out: Path) -> int:
    """Write a Parquet file's rows as .sav; return how many columns it has. Memory does not grow with the rows."""
    found = variables(source, columns, language)
    with out.open("wb") as file:
        file.write(_header(found, row_count(source)))
        for number, variable in enumerate(found, start=1):
            file.write(_variable(variable, number))
        file.write(_value_labels(found))
        file.write(_extensions(found))
        file.write(struct.pack("<2i", 999, 0))
        left = _Elements(np.empty(0, np.uint8), np.empty(0, np.uint64))
        for rows, values in batches(source, found):
            written, left = _compressed(_joined(left, _elements(rows, found, values)))
            file.write(written)
        file.write(_compressed(_padded(left))[0])
    return len(found)


class _Elements:
    """Cells of eight bytes in the order of the file: the code byte of each, and its own bytes."""

    def __init__(self, codes: NDArray[np.uint8], raw: NDArray[np.uint64]) -> None:
        self.codes, self.raw = codes, raw


def _elements(rows: int, found: Sequence[Variable], values: Sequence[Values]) -> _Elements:
    cells = sum(_cells(variable) for variable in found)
    codes, raw = np.empty((rows, cells), np.uint8), np.empty((rows, cells), np.uint64)
    place = 0
    for variable, given in zip(found, values, strict=True):
        wide = _cells(variable)
        here = slice(place, place + wide)
        if variable.is_text:
            padded = np.char.ljust(given.data, wide * _BLOCK, b" ").astype(f"S{wide * _BLOCK}")
            raw[:, here] = np.frombuffer(padded.tobytes(), np.uint64).reshape(rows, wide)
            codes[:, here] = np.where(raw[:, here] == _SPACES, _BLANK, _RAW)
        else:
            numbers = np.where(given.known, given.data.astype(np.float64), _CODES[given.reasons])
            raw[:, place] = numbers.view(np.uint64)
            codes[:, place] = _number_codes(numbers)
        place += wide
    return _Elements(codes.ravel(), raw.ravel())


def _number_codes(numbers: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the byte of each number that is small and whole, or that of "its own eight bytes follow"."""
    nothing = np.isnan(numbers)
    small = (numbers >= _SMALLEST_BYTE) & (numbers <= _LARGEST_BYTE) & (numbers == np.floor(numbers))
    whole = np.where(small, numbers, 0) + _BIAS
    return np.where(nothing, _SYSTEM_MISSING, np.where(small, whole, _RAW)).astype(np.uint8)


def _joined(first: _Elements, second: _Elements) -> _Elements:
    return _Elements(np.concatenate([first.codes, second.codes]), np.concatenate([first.raw, second.raw]))


def _padded(left: _Elements) -> _Elements:
    short = -len(left.codes) % _BLOCK
    return _joined(left, _Elements(np.zeros(short, np.uint8), np.zeros(short, np.uint64)))


def _compressed(cells: _Elements) -> tuple[bytes, _Elements]:
    """Return whole blocks, eight code bytes and then what they say follows, and the cells that fill no block."""
    blocks = len(cells.codes) // _BLOCK
    whole = blocks * _BLOCK
    codes, raw = cells.codes[:whole].reshape(blocks, _BLOCK), cells.raw[:whole].reshape(blocks, _BLOCK)
    follows = codes == _RAW
    sizes = 1 + follows.sum(axis=1)
    starts = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint64)
    out[starts] = np.ascontiguousarray(codes).view(np.uint64).ravel()
    places = starts[:, None] + np.cumsum(follows, axis=1)
    out[places[follows]] = raw[follows]
    return out.astype("<u8").tobytes(), _Elements(cells.codes[whole:], cells.raw[whole:])


def _cells(variable: Variable) -> int:
    return -(-variable.width // _BLOCK) if variable.is_text else 1


def _header(found: Sequence[Variable], rows: int) -> bytes:
    cells = sum(_cells(variable) for variable in found)
    return (
        b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60)
        + struct.pack("<5id", 2, cells, 1, 0, rows, float(_BIAS))
        + b"01 Jan 00" + b"00:00:00" + b" " * 64 + b"\0" * 3
    )  # fmt: skip


def _variable(variable: Variable, number: int) -> bytes:
    width = variable.width
    kind, shown = (_TEXT_FORMAT, width) if variable.is_text else (_NUMBER_FORMAT, 8)
    shape = kind << 16 | shown << 8 | (0 if variable.is_whole or variable.is_text else 4)
    label = _cut(variable.label, LONGEST_LABEL)
    reasons = bool(variable.column.why) and not variable.is_text
    record = struct.pack("<6i", 2, width, 1, -2 if reasons else 0, shape, shape) + _short(number)
    record += struct.pack("<i", len(label)) + label.ljust(len(label) + -len(label) % 4)
    if reasons:
        record += struct.pack("<2d", min(r.spss for r in MISSING.values()), max(r.spss for r in MISSING.values()))
    return record + (struct.pack("<6i", 2, -1, 0, 0, 0, 0) + b" " * 8) * (_cells(variable) - 1)


def _short(number: int) -> bytes:
    return f"V{number}".encode().ljust(8)


def _value_labels(found: Sequence[Variable]) -> bytes:
    records, place = b"", 1
    for variable in found:
        labels = [(float(value), text) for value, text in variable.values]
        if variable.column.why and not variable.is_text:
            labels += [(float(reason.spss), variable.reason_label(reason)) for reason in MISSING.values()]
        if labels:
            records += struct.pack("<2i", 3, len(labels))
            for value, text in sorted(labels):
                short = _cut(text, LONGEST_VALUE_LABEL)
                padded = short.ljust(len(short) + -(len(short) + 1) % _BLOCK)
                records += struct.pack("<dB", value, len(short)) + padded
            records += struct.pack("<3i", 4, 1, place)
        place += _cells(variable)
    return records


def _extensions(found: Sequence[Variable]) -> bytes:
    names = "\t".join(f"V{number}={variable.name}" for number, variable in enumerate(found, start=1)).encode()
    shown = [
        figure
        for variable in found
        for figure in (
            _NOMINAL if variable.is_text or variable.values else _SCALE,
            max(8, variable.width),
            _LEFT if variable.is_text else _RIGHT,
        )
    ]
    lowest = np.nextafter(-_LARGEST, 0)
    return (
        _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
        + _extension(4, 8, struct.pack("<3d", -_LARGEST, _LARGEST, lowest))
        + _extension(11, 4, struct.pack(f"<{len(shown)}i", *shown))
        + _extension(13, 1, names)
        + _extension(20, 1, b"UTF-8")
    )


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, kind, size, len(content) // size) + content


def _cut(text: str, width: int) -> bytes:
    return text.encode()[:width].decode(errors="ignore").encode()
