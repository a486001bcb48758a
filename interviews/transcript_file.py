"""Reading a transcript (.txt, .docx, .odt) into paragraphs with their speakers.

A file comes from outside: nothing in it decides how much memory it takes (a part is unpacked as a stream up to a
limit), no document type or entity is followed, and comments and deleted text, which may name people, are left out.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from interviews.file_formats import Format

MOST_BYTES_UNPACKED = 32 * 2**20
MOST_CHARACTERS = 3_000_000
MOST_PARAGRAPHS = 20_000
MOST_PARTS = 2_000
DEEPEST = 100
_READ_BYTES = 2**16
# "E:", "Entrevistadora:", "P2:", "MUJER 1:" at the beginning of a line.
_SPEAKER = re.compile(r"^\s*([^\W\d_][\w.]{0,24}(?: \d{1,2})?)\s*:\s+")
_DAMAGED = (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, EOFError, RuntimeError, OSError)


class TranscriptUnreadable(ValueError):
    """The content is no whole document of that format."""


class TranscriptTooLarge(ValueError):
    """It unpacks to more than hours of talk come to."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What somebody said in one go; `speaker` is "" where the file does not say who."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class _Markup:
    """Which elements of a format's XML (local names) are paragraphs, text, breaks, and what is passed over."""

    part: str
    paragraphs: frozenset[str]
    texts: frozenset[str]
    breaks: Mapping[str, str]
    skipped: frozenset[str]


_MARKUP = {
    Format.DOCX: _Markup(
        "word/document.xml",
        frozenset({"p"}),
        frozenset({"t"}),
        {"tab": "\t", "br": " ", "cr": " "},
        frozenset({"del", "moveFrom", "comment"}),
    ),
    Format.ODT: _Markup(
        "content.xml",
        frozenset({"p", "h"}),
        frozenset({"p", "h", "span", "a"}),
        {"tab": "\t", "line-break": " ", "s": " "},
        frozenset({"annotation", "tracked-changes", "note"}),
    ),
}


def read_transcript(content: bytes, kind: str) -> list[Paragraph]:
    """Return the paragraphs that say anything, in order. Raise TranscriptUnreadable or TranscriptTooLarge."""
    lines = _text_lines(content) if kind == Format.TXT else list(_document_lines(content, _MARKUP[Format(kind)]))
    found = [_paragraph(line) for line in lines if line.strip()]
    if sum(len(paragraph.text) for paragraph in found) > MOST_CHARACTERS or len(found) > MOST_PARAGRAPHS:
        raise TranscriptTooLarge
    if not found:
        raise TranscriptUnreadable
    return found


def as_bytes(paragraphs: list[Paragraph]) -> bytes:
    """Return paragraphs as they are sealed."""
    return json.dumps([[row.speaker, row.text] for row in paragraphs], ensure_ascii=False).encode()


def from_bytes(data: bytes) -> list[Paragraph]:
    """Return what `as_bytes` wrote."""
    return [Paragraph(speaker, text) for speaker, text in json.loads(data)]


def _paragraph(line: str) -> Paragraph:
    text = " ".join(line.split())
    found = _SPEAKER.match(f"{text} ")
    return Paragraph(found.group(1), text[found.end() :]) if found and text[found.end() :] else Paragraph("", text)


def _text_lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise TranscriptUnreadable
    return text.splitlines()


def _document_lines(content: bytes, markup: _Markup) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _lines_of(archive, markup)
    except TranscriptTooLarge:
        raise
    except _DAMAGED as error:
        raise TranscriptUnreadable from error


def _lines_of(archive: zipfile.ZipFile, markup: _Markup) -> Iterator[str]:
    if len(archive.infolist()) > MOST_PARTS:
        raise TranscriptTooLarge
    reader = _Reader(markup)
    for part in _unpacked(archive, markup.part):
        reader.parser.Parse(part, False)
        yield from reader.taken()
    reader.parser.Parse(b"", True)
    yield from reader.taken()


class _Reader:
    """Takes the text of paragraphs out of a stream of XML."""

    def __init__(self, markup: _Markup) -> None:
        self.markup, self.within, self.lines, self.line = markup, list[str](), list[str](), list[str]()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._text, self._refuse

    def taken(self) -> list[str]:
        """Return the lines that are whole, once."""
        lines, self.lines = self.lines, []
        return lines

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.within.append(name.rpartition("}")[2])
        if len(self.within) > DEEPEST:
            raise TranscriptUnreadable
        if not self._is_skipped():
            self.line.append(self.markup.breaks.get(self.within[-1], ""))

    def _end(self, _name: str) -> None:
        if self.within.pop() in self.markup.paragraphs and not self._is_skipped():
            self.lines.append("".join(self.line))
            self.line = []

    def _text(self, characters: str) -> None:
        if self.within[-1] in self.markup.texts and not self._is_skipped():
            self.line.append(characters)

    def _is_skipped(self) -> bool:
        return not self.markup.skipped.isdisjoint(self.within)

    @staticmethod
    def _refuse(*_declared: object) -> None:
        raise TranscriptUnreadable


def _unpacked(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    unpacked = 0
    with archive.open(path) as part:
        while piece := part.read(_READ_BYTES):
            unpacked += len(piece)
            if unpacked > MOST_BYTES_UNPACKED:
                raise TranscriptTooLarge
            yield piece
