"""The forms that a data set can have as a file, and what is known of a file once it is written."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Form(StrEnum):
    """A format, by the ending of its files."""

    CSV = "csv"
    PARQUET = "parquet"
    DTA = "dta"
    SAV = "sav"

    @property
    def media_type(self) -> str:
        """The media type under which such a file is sent."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.PARQUET: "application/vnd.apache.parquet",
    Form.DTA: "application/x-stata-dta",
    Form.SAV: "application/x-spss-sav",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its rows without header, its columns, and the SHA-256 of its bytes."""

    path: Path
    rows: int
    columns: int
    sha256: str


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
