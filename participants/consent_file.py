"""A version of the consent text as its file (TOML) says it, checked, and how it differs from another."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from accounts.errors import StudyError
from participants.consent_scopes import Scope
from protocol.parts import Part
from protocol.schema import problem_lines

Text = Annotated[str, Field(min_length=1)]
ScopeCode = Literal["visits", "surveys", "interview", "audio", "linkage", "recontact"]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
# What an officer's page must offer at least: the study's own language.
FIRST_LANGUAGE = "es"
_WORD = re.compile(r"\S+\s*")


class ConsentFileError(StudyError):
    """The consent file cannot be used; the message has one line for each problem."""

    code = "consent_file"
    http_status = 422


class Wording(Part):
    """The whole text in one language: what comes first, what each scope says, what comes last."""

    name: Text
    title: Text
    introduction: Text
    scopes: dict[ScopeCode, Text]
    closing: Text

    @field_validator("scopes")
    @classmethod
    def _every_scope(cls, scopes: dict[ScopeCode, Text]) -> dict[ScopeCode, Text]:
        if missing := sorted(set(Scope.values) - set(scopes)):
            message = f"every scope needs its text, missing: {', '.join(missing)}"
            raise ValueError(message)
        return scopes

    def parts(self) -> dict[str, str]:
        """Return the pieces of the text in the order in which they are read, by name or scope."""
        scopes = {str(scope): self.scopes[scope.value] for scope in Scope}  # type: ignore[index]
        return {"title": self.title, "introduction": self.introduction, **scopes, "closing": self.closing}


class ConsentFile(Part):
    """One version: when it counts, which earlier consents it no longer accepts, and its words in each language.

    `renews` names the scopes for which an older consent must be given again, `grace_days` for how many days from
    `valid_from` the older one still counts. `approval` says who approved the text; empty: nobody yet.
    """

    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
    approval: Annotated[str, Field(max_length=200)]
    valid_from: date
    valid_until: date | None = None
    renews: list[ScopeCode]
    grace_days: Annotated[int, Field(ge=0, le=365)]
    languages: dict[LanguageCode, Wording]

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            message = f"valid_until: expected {self.valid_from} or later, found {self.valid_until}"
            raise ValueError(message)
        if FIRST_LANGUAGE not in self.languages:
            message = f"languages: expected at least {FIRST_LANGUAGE}, found {', '.join(self.languages) or 'none'}"
            raise ValueError(message)
        return self

    def in_language(self, language: str) -> Wording:
        """Return the words in that language, or else in the study's first."""
        return self.languages.get(language, self.languages[FIRST_LANGUAGE])


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both texts ("same"), only in the older ("out") or only in the newer ("in")."""

    kind: str
    text: str


def parse_consent(text: str, *, name: str) -> ConsentFile:
    """Read a consent file (TOML 1.0). Raise ConsentFileError, one line a problem: file, key, what was expected."""
    try:
        return ConsentFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"{name}: not valid TOML: {error}"
        raise ConsentFileError(message) from error
    except ValidationError as error:
        raise ConsentFileError(problem_lines(error, name=name)) from error


def text_differences(older: Wording | None, newer: Wording) -> dict[str, list[Piece]]:
    """Return each part of the newer text, in order, as runs of words that stayed, went or came; all new for None."""
    before: Mapping[str, str] = older.parts() if older is not None else {}
    return {name: _pieces(before.get(name, ""), text) for name, text in newer.parts().items()}


def _pieces(before: str, after: str) -> list[Piece]:
    old, new = _WORD.findall(before.strip()), _WORD.findall(after.strip())
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if tag == "equal":
            pieces.append(Piece("same", come))
            continue
        pieces += [Piece(kind, words) for kind, words in (("out", gone), ("in", come)) if words]
    return pieces
