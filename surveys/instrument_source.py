"""A questionnaire's file read into everything that is stored of it."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from surveys.xforms.wording import worded_questions
from surveys.xforms.xlsform import ConvertedForm, Problem, XLSFormInvalid, convert_markdown, convert_xlsform

MOST_BYTES = 10 * 2**20


@dataclass(frozen=True, slots=True)
class ReadInstrument:
    """A questionnaire as its file says it; `content` holds languages, questions and what its author should know."""

    code: str
    version: str
    title: str
    titles: dict[str, str]
    sha256: str
    source: bytes
    source_name: str
    xform: str
    content: dict[str, Any]


def read_instrument(source: bytes, *, name: str) -> ReadInstrument:
    """Read an XLSX workbook, or the same tables in Markdown (NAME.md). Raise XLSFormInvalid."""
    if len(source) > MOST_BYTES:
        raise XLSFormInvalid([Problem(f"the file has {len(source):,} bytes; expected at most {MOST_BYTES:,}")])
    made = _from_markdown(source) if name.lower().endswith(".md") else convert_xlsform(source)
    return ReadInstrument(
        code=made.xform.form_id,
        version=made.xform.version,
        title=made.xform.title[:200],
        titles={language: title[:200] for language, title in made.titles.items()},
        sha256=hashlib.sha256(source).hexdigest(),
        source=source,
        source_name=name[-120:],
        xform=made.xml.decode(),
        content={
            "languages": list(made.xform.languages),
            "questions": [asdict(question) for question in worded_questions(made.xform, made.xml)],
            "warnings": list(made.warnings),
        },
    )


def _from_markdown(source: bytes) -> ConvertedForm:
    try:
        return convert_markdown(source.decode())
    except UnicodeDecodeError as error:
        raise XLSFormInvalid([Problem("this is no UTF-8 text")]) from error
