"""What a data set is: its columns with all that codebooks, label files and readers need, said once."""

import re
from dataclasses import dataclass
from enum import StrEnum

_STATA_NAME = re.compile(r"^[a-z][a-z0-9_]{0,31}$")


class ColumnInvalid(ValueError):
    """A column is not declared whole; the sentence names it."""


class Disclosure(StrEnum):
    """What a value can give away about a woman."""

    IDENTIFIER = "identifier"
    QUASI_IDENTIFIER = "quasi-identifier"
    STUDY = "study"
    INTERNAL = "internal"


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    es: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text for a language code; anything but English gets Spanish."""
        return self.en if language.startswith("en") else self.es


Values = tuple[tuple[str, Label], ...]

UNITS = {
    "attempts": Label("intentos", "attempts"),
    "days": Label("días", "days"),
    "months": Label("meses", "months"),
    "officers": Label("agentes", "officers"),
    "points": Label("puntos", "points"),
    "reports": Label("denuncias", "reports"),
    "sessions": Label("sesiones", "sessions"),
    "share": Label("parte, de 0 a 1", "share, 0 to 1"),
    "visits": Label("visitas", "visits"),
    "years": Label("años", "years"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a name that Stata takes, its kind, labels, and the SQL expression that reads it.

    `is_blinded` columns would tell the arm, by name or by dose: only who may read the arm gets them.
    """

    name: str
    kind: Kind
    label: Label
    source: str
    expression: str
    disclosure: Disclosure = Disclosure.STUDY
    values: Values = ()
    unit: str = ""
    is_blinded: bool = False

    def __post_init__(self) -> None:
        """Refuse a column that a reader could not take or understand. Raises ColumnInvalid."""
        if not _STATA_NAME.match(self.name):
            raise ColumnInvalid(f"{self.name}: expected at most 32 of a–z, 0–9 and _, beginning with a letter")
        if not (self.label.es and self.label.en and self.source and self.expression):
            raise ColumnInvalid(f"{self.name}: label in both languages, source and expression are needed")
        if self.unit and self.unit not in UNITS:
            raise ColumnInvalid(f"{self.name}: {self.unit} is no unit that has labels")
        if self.disclosure in (Disclosure.IDENTIFIER, Disclosure.INTERNAL):
            raise ColumnInvalid(f"{self.name}: what is {self.disclosure} never enters a data set")


@dataclass(frozen=True, slots=True)
class DataSet:
    """A table for analysis: what one row is, and its columns in order.

    An `is_blinded` table would tell the arm as a whole: it is there only for who may read the arm.
    """

    name: str
    row: Label
    columns: tuple[Column, ...]
    notes: tuple[Label, ...] = ()
    is_blinded: bool = False

    def __post_init__(self) -> None:
        """Refuse two columns of one name. Raises ColumnInvalid."""
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ColumnInvalid(f"{self.name}: a column name stands twice")

    def visible(self, *, reads_arm: bool) -> tuple[Column, ...]:
        """Return the columns that a reader gets."""
        return tuple(column for column in self.columns if reads_arm or not column.is_blinded)
