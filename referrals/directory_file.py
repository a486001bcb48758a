"""The directory of services as its file (TOML) says it, checked."""

import tomllib
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from accounts.errors import StudyError
from protocol.parts import Code, Label, Part
from protocol.schema import Ubigeo, problem_lines

Kind = Literal["emergency", "line", "centre", "health", "shelter", "legal", "other"]


class DirectoryFileError(StudyError):
    """The file cannot be used; the message has one line for each problem."""

    code = "directory_file"
    http_status = 422


class ServiceEntry(Part):
    """One service: how it is called, what it is for, how and when it is reached, for whom; `ubigeo` "": everywhere."""

    code: Code
    kind: Kind
    name: Label
    purpose: Label
    hours: Label
    for_whom: Label
    telephone: Annotated[str, Field(pattern=r"^(\+?[0-9 ]{3,20})?$")] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    ubigeo: Ubigeo | None = None
    source: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _no_address_of_a_shelter(self) -> Self:
        if self.kind == "shelter" and self.address:
            message = f"{self.code}: the address of a shelter is never written"
            raise ValueError(message)
        return self


class DirectoryFile(Part):
    """The services of a file, each code once."""

    services: Annotated[list[ServiceEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [service.code for service in self.services]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            message = f"services: each code may stand once, twice: {', '.join(twice)}"
            raise ValueError(message)
        return self


def parse_directory(text: str, *, name: str) -> DirectoryFile:
    """Read a directory (TOML 1.0). Raise DirectoryFileError, one line a problem: file, key, what was expected."""
    try:
        return DirectoryFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"{name}: not valid TOML: {error}"
        raise DirectoryFileError(message) from error
    except ValidationError as error:
        raise DirectoryFileError(problem_lines(error, name=name)) from error
