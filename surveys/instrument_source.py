"""A questionnaire's file read into everything that is stored of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from surveys.xforms.media import FormFile
from surveys.xforms.problems import Problem, XLSFormInvalid
from surveys.xforms.wording import worded_questions
from surveys.xforms.xlsform import ConvertedForm, convert_markdown, convert_xlsform

MOST_BYTES = 10 * 2**20


@dataclass(frozen=True, slots=True)
class ReadInstrument:
    """A questionnaire as its file says it, with the files that it names.

    `content` holds languages, questions, what its author should know, and which files there are.
    """

    code: str
    version: str
    title: str
    titles: dict[str, str]
    sha256: str
    source: bytes
    source_name: str
    xform: str
    content: dict[str, Any]
    files: tuple[FormFile, ...] = ()


def read_instrument(source: bytes, *, name: str, given: Mapping[str, bytes] | None = None) -> ReadInstrument:
    """Read an XLSX workbook, or the same tables in Markdown (NAME.md), with the files given. Raise XLSFormInvalid."""
    if len(source) > MOST_BYTES:
        raise XLSFormInvalid([Problem(f"the file has {len(source):,} bytes; expected at most {MOST_BYTES:,}")])
    given = given or {}
    made = _from_markdown(source, given) if name.lower().endswith(".md") else convert_xlsform(source, given)
    return ReadInstrument(
        code=made.xform.form_id,
        version=made.xform.version,
        title=made.xform.title[:200],
        titles={language: title[:200] for language, title in made.titles.items()},
        sha256=sha256_of(source, made.files),
        source=source,
        source_name=name[-120:],
        xform=made.xml.decode(),
        content={
            "languages": list(made.xform.languages),
            "questions": [asdict(question) for question in worded_questions(made.xform, made.xml)],
            "warnings": list(made.warnings),
            "files": [_told(file) for file in made.files],
        },
        files=made.files,
    )


def sha256_of(source: bytes, files: Iterable[FormFile]) -> str:
    """Return the hash of a version: of its workbook, and where it has files of theirs by name, as they were given."""
    own = hashlib.sha256(source).hexdigest()
    named = sorted((file.name, file.given_sha256) for file in files)
    if not named:
        return own
    return hashlib.sha256("\n".join([own, *(f"{sha256} {name}" for name, sha256 in named)]).encode()).hexdigest()


def _told(file: FormFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "kind": file.kind,
        "type": file.content_type,
        "bytes": len(file.content),
        "sha256": file.sha256,
    }


def _from_markdown(source: bytes, given: Mapping[str, bytes]) -> ConvertedForm:
    try:
        return convert_markdown(source.decode(), given)
    except UnicodeDecodeError as error:
        raise XLSFormInvalid([Problem("this is no UTF-8 text")]) from error
