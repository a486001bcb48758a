"""What the tables of a protocol file are made of."""

import unicodedata
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from documents.tables import FORMULA_SIGNS

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def _one_line(text: str) -> str:
    """Let words pass that pages, files and spreadsheets show as they were written."""
    if any(unicodedata.category(sign) in _HIDDEN for sign in text):
        raise ValueError(_("expected one line, without line breaks or signs that nobody sees"))
    if text[0] in FORMULA_SIGNS:
        told = _("expected words, found '%(sign)s' first, which a spreadsheet takes for a formula")
        raise ValueError(told % {"sign": text[0]})
    return text


Line = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Days = Annotated[int, Field(ge=1, le=3660)]
Hours = Annotated[int, Field(ge=1, le=24 * 14)]


class Part(BaseModel):
    """A table of the file: unknown keys are refused, values are not bent into shape, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Label(Part):
    """A text in both languages."""

    es: Line
    en: Line

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.es
