"""What all files of a release's archive are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from panel.columns import DataSet

DATA_FOLDER = "data"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data set in one form, as it lies in the archive."""

    dataset: DataSet
    form: str
    path: Path
    rows: int
    columns: int
    size_bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """Return its name in the archive."""
        return f"{DATA_FOLDER}/{self.dataset.name}.{self.form}"


@dataclass(frozen=True, slots=True)
class Facts:
    """A release as its files tell of it: nobody is named, who asked is a role with a number."""

    number: int
    revision: int
    rows_removed: int
    purpose: str
    requested_by: str
    approved_by: str
    as_of: date
    language: str
    shape: str
    protocol: str
    protocol_sha256: str
    code_version: str
    with_arm: bool
    stable_codes: bool
    shift_days: bool
    generalised: tuple[str, ...]
    smallest_group: int
    locks: tuple[Mapping[str, Any], ...] = ()
    files: tuple[DataFile, ...] = ()

    @property
    def title(self) -> str:
        """Return its name, which tells nothing of what the data are about."""
        return f"Release {self.number}.{self.revision}"

    @property
    def folder(self) -> str:
        """Return the name of the archive, without its ending."""
        return f"entrega-{self.number:03d}-{self.revision}"

    @property
    def datasets(self) -> tuple[DataSet, ...]:
        """Return each data set once, in order of name."""
        return tuple(
            {file.dataset.name: file.dataset for file in sorted(self.files, key=lambda one: one.name)}.values()
        )

    def rows_of(self, dataset: DataSet) -> int:
        """Return how many rows a data set has."""
        return next(file.rows for file in self.files if file.dataset.name == dataset.name)
