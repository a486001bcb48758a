"""What the tables of a protocol file are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Days = Annotated[int, Field(ge=1, le=3660)]
Hours = Annotated[int, Field(ge=1, le=24 * 14)]


class Part(BaseModel):
    """A table of the file: unknown keys are refused, values are not bent into shape, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Label(Part):
    """A text in both languages."""

    es: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.es
