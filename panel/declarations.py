"""A data set's declaration as JSON and back: what was frozen keeps the labels that it was frozen with."""

from dataclasses import asdict, fields, replace
from typing import Any

from panel.columns import Column, DataSet, Disclosure, Kind, Label, Values

_PLAIN = (str, int, bool)
# What a frozen column was read by is gone; nothing reads it again.
_FROZEN = "frozen"


def as_json(dataset: DataSet, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Return a data set with these of its columns in plain values."""
    return {**asdict(replace(dataset, columns=())), "columns": [_column_json(column) for column in columns]}


def from_json(said: dict[str, Any]) -> DataSet:
    """Return the data set that was written down by `as_json`."""
    known = {field.name for field in fields(DataSet)}
    plain: dict[str, Any] = {key: value for key, value in said.items() if key in known and isinstance(value, _PLAIN)}
    return DataSet(
        **{
            **plain,
            "row": _label(said["row"]),
            "columns": tuple(_column(column) for column in said["columns"]),
            "notes": tuple(_label(note) for note in said["notes"]),
        }
    )


def _column_json(column: Column) -> dict[str, Any]:
    said = asdict(column)
    frozen = {name: _FROZEN for name in ("expression", "missing") if said[name]}
    return {**said, **frozen, "values": [[code, label] for code, label in said["values"]]}


def _column(said: dict[str, Any]) -> Column:
    known = {field.name for field in fields(Column)}
    plain: dict[str, Any] = {key: value for key, value in said.items() if key in known and isinstance(value, _PLAIN)}
    return Column(
        **{
            **plain,
            "kind": Kind(said["kind"]),
            "disclosure": Disclosure(said["disclosure"]),
            "label": _label(said["label"]),
            "values": _values(said["values"]),
        }
    )


def _values(said: list[Any]) -> Values:
    return tuple((code, _label(label)) for code, label in said)


def _label(said: dict[str, str]) -> Label:
    return Label(said["es"], said["en"])
