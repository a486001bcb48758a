"""What a data set is: its columns with all that codebooks, label files and readers need, said once."""

import re
from dataclasses import dataclass
from enum import StrEnum

_STATA_NAME = re.compile(r"^[a-z][a-z0-9_]{0,31}$")
_WHY = "_why"
_LONGEST_WITH_REASON = 28


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


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a value is not there: the code, Stata's extended missing value, SPSS's user-missing one, and the words."""

    code: str
    stata: str
    spss: int
    label: Label


MISSING: dict[str, Missing] = {
    found.code: found
    for found in (
        Missing("refused", "a", -96, Label("No quiso decirlo", "She did not want to say")),
        Missing("not_asked", "b", -97, Label("No se le preguntó o no dio permiso", "Not asked, or not permitted")),
        Missing("not_applicable", "c", -98, Label("No corresponde", "Not applicable")),
        Missing("lost", "d", -99, Label("Perdida: no se la alcanzó o se fue", "Lost: not reached, or gone")),
        Missing("not_due", "e", -95, Label("Aún no corresponde", "Not due yet")),
    )
}
MISSING_VALUES: Values = tuple((code, found.label) for code, found in MISSING.items())

UNITS = {
    "attempts": Label("intentos", "attempts"),
    "days": Label("días", "days"),
    "items": Label("preguntas", "items"),
    "months": Label("meses", "months"),
    "officers": Label("agentes", "officers"),
    "points": Label("puntos", "points"),
    "reports": Label("denuncias", "reports"),
    "sessions": Label("sesiones", "sessions"),
    "share": Label("parte, de 0 a 1", "share, 0 to 1"),
    "surveys": Label("encuestas", "surveys"),
    "visits": Label("visitas", "visits"),
    "women": Label("mujeres", "women"),
    "years": Label("años", "years"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a name that Stata takes, its kind, labels, and the SQL expression that reads it.

    `is_blinded` columns would tell the arm, by name or by dose: only who may read the arm gets them. Where a value is
    NULL, the SQL expression `missing` says why, as a code of MISSING ("" for a column that is never empty), in a
    companion column `<name>_why`; or `missing_from` names a companion that a block of columns shares. `is_fixed`
    columns are the same in every row of a woman.
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
    missing: str = ""
    missing_from: str = ""
    is_companion: bool = False
    is_fixed: bool = False

    def __post_init__(self) -> None:
        """Refuse a column that a reader could not take or understand. Raises ColumnInvalid."""
        if self.missing and len(self.name) > _LONGEST_WITH_REASON:
            raise ColumnInvalid(f"{self.name}: a column with reasons has at most {_LONGEST_WITH_REASON} letters")
        if self.missing and (self.missing_from or self.is_companion):
            raise ColumnInvalid(f"{self.name}: reasons of its own or a companion of others, not both")
        if not _STATA_NAME.match(self.name):
            raise ColumnInvalid(f"{self.name}: expected at most 32 of a–z, 0–9 and _, beginning with a letter")
        if not (self.label.es and self.label.en and self.source and self.expression):
            raise ColumnInvalid(f"{self.name}: label in both languages, source and expression are needed")
        if self.unit and self.unit not in UNITS:
            raise ColumnInvalid(f"{self.name}: {self.unit} is no unit that has labels")
        if self.disclosure in (Disclosure.IDENTIFIER, Disclosure.INTERNAL):
            raise ColumnInvalid(f"{self.name}: what is {self.disclosure} never enters a data set")

    @property
    def why(self) -> str:
        """The name of the companion that says why a value is empty; "" for a column that is never empty."""
        return f"{self.name}{_WHY}" if self.missing else self.missing_from

    @property
    def companion(self) -> "Column | None":
        """The companion that this column brings with it, if its reasons are its own."""
        if not self.missing:
            return None
        return companion(
            self.why, self.label, self.source, f"CASE WHEN ({self.expression}) IS NULL THEN {self.missing} END",
            is_blinded=self.is_blinded, is_fixed=self.is_fixed,
        )  # fmt: skip


def companion(
    name: str, label: Label, source: str, expression: str, *, is_blinded: bool = False, is_fixed: bool = False
) -> Column:
    """Declare the column that says, as a code of MISSING, why a value or a block of values is empty."""
    return Column(
        name, Kind.TEXT, Label(f"{label.es}: por qué falta", f"{label.en}: why it is missing"), source, expression,
        values=MISSING_VALUES, is_blinded=is_blinded, is_companion=True, is_fixed=is_fixed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataSet:
    """A table for analysis: what one row is, and its columns in order.

    An `is_blinded` table would tell the arm as a whole: it is there only for who may read the arm. A panel has the name
    of its `period` column, so that it can be spread into its wide form.
    """

    name: str
    row: Label
    columns: tuple[Column, ...]
    notes: tuple[Label, ...] = ()
    is_blinded: bool = False
    period: str = ""

    def __post_init__(self) -> None:
        """Refuse two columns of one name. Raises ColumnInvalid."""
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ColumnInvalid(f"{self.name}: a column name stands twice")
        companions = {column.name: column for column in self.columns if column.is_companion}
        for column in self.columns:
            shared = companions.get(column.missing_from)
            if column.missing_from and (shared is None or shared.is_blinded > column.is_blinded):
                raise ColumnInvalid(f"{self.name}: {column.name} has no companion {column.missing_from} beside it")

    def visible(self, *, reads_arm: bool) -> tuple[Column, ...]:
        """Return the columns that a reader gets."""
        return tuple(column for column in self.columns if reads_arm or not column.is_blinded)

    def written(self, *, reads_arm: bool) -> tuple[Column, ...]:
        """Return the columns of a CSV, Parquet or JSON: what a reader gets, each with its own companion."""
        both = ((column, column.companion) for column in self.visible(reads_arm=reads_arm))
        return tuple(column for pair in both for column in pair if column is not None)

    def labelled(self, *, reads_arm: bool) -> tuple[Column, ...]:
        """Return the columns of a Stata or SPSS file, which hold the reasons in the values and have no companions."""
        return tuple(column for column in self.visible(reads_arm=reads_arm) if not column.is_companion)
