"""The codebook as a REFI-QDA file (.qdc), which NVivo, ATLAS.ti, MAXQDA and QualCoder read and write.

Source: REFI-QDA Standard 1.5, codebook exchange (Codebook.xsd): CodeBook / Codes / Code (guid, name, isCodable, color)
with Description and further Codes within, then Sets, which a codebook without any leaves out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.parsers import expat

NAMESPACE = "urn:QDA-XML:codebook:1.0"
LARGEST_BYTES = 2 * 2**20
MOST_CODES = 1_000
LONGEST_NAME = 120
LONGEST_MEMO = 2_000
_SCHEMA = "http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_SHORT = len("#rgb")
# As XML Schema writes it.
_FALSE = frozenset({"false", "0"})
_DEEPEST = 30
# Signs that no XML document may hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class CodebookUnreadable(ValueError):
    """The file is no REFI-QDA codebook, or larger than one is."""


@dataclass(frozen=True, slots=True)
class ExchangedCode:
    """A code as the file has it; `parent` is the guid of what it stands under; a heading is no codable one."""

    guid: UUID
    name: str
    parent: UUID | None = None
    colour: str = ""
    memo: str = ""
    is_codable: bool = True


@dataclass(slots=True)
class _Reading:
    codes: list[ExchangedCode] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    memo: list[str] = field(default_factory=list)


def write_codebook(codes: Iterable[ExchangedCode], *, origin: str) -> bytes:
    """Return the codes, one at least, each after what it stands under, as the bytes of a .qdc file."""
    root = Element(
        "CodeBook",
        {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}", "origin": origin},
    )
    top = SubElement(root, "Codes")
    made: dict[UUID, Element] = {}
    for code in codes:
        parent = made[code.parent] if code.parent is not None else top
        said = {"guid": str(code.guid), "name": _clean(code.name), "isCodable": "true" if code.is_codable else "false"}
        made[code.guid] = SubElement(parent, "Code", said | ({"color": code.colour} if code.colour else {}))
        if code.memo:
            SubElement(made[code.guid], "Description").text = _clean(code.memo)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def read_codebook(content: bytes) -> list[ExchangedCode]:
    """Return the codes of a .qdc file, each after what it stands under. Raise CodebookUnreadable.

    No document type or entity is followed; names are cut at 120 characters, memos at 2,000.
    """
    if len(content) > LARGEST_BYTES:
        raise CodebookUnreadable
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, said: _start(reading, name, said)
    parser.EndElementHandler = lambda _name: _end(reading)
    parser.CharacterDataHandler = lambda text: (
        reading.memo.append(text) if reading.within[-1] == "Description" else None
    )
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise CodebookUnreadable from error
    guids = [code.guid for code in reading.codes]
    if not guids or len(guids) != len(set(guids)):
        raise CodebookUnreadable
    return reading.codes


def _start(reading: _Reading, name: str, said: dict[str, str]) -> None:
    space, _, local = name.rpartition("}")
    if not reading.within and (local != "CodeBook" or space != NAMESPACE):
        raise CodebookUnreadable
    reading.within.append(local)
    if len(reading.within) > _DEEPEST or len(reading.codes) >= MOST_CODES:
        raise CodebookUnreadable
    if local == "Code":
        parent = reading.codes[reading.above[-1]].guid if reading.above else None
        reading.codes.append(_code(said, parent))
        reading.above.append(len(reading.codes) - 1)
    elif local == "Description":
        reading.memo = []


def _end(reading: _Reading) -> None:
    local = reading.within.pop()
    if local == "Description" and reading.above:
        place = reading.above[-1]
        memo = "".join(reading.memo).strip()[:LONGEST_MEMO]
        reading.codes[place] = replace(reading.codes[place], memo=memo)
    elif local == "Code":
        reading.above.pop()


def _code(said: dict[str, str], parent: UUID | None) -> ExchangedCode:
    guid, name = _GUID.fullmatch(said.get("guid", "").strip()), said.get("name", "").strip()
    if guid is None or not name:
        raise CodebookUnreadable
    is_codable = said.get("isCodable", "true").strip() not in _FALSE
    colour = _colour(said.get("color", "").strip())
    return ExchangedCode(UUID(guid.group(1)), name[:LONGEST_NAME], parent, colour, is_codable=is_codable)


def _colour(written: str) -> str:
    """Return a colour with six digits, "" for what is none."""
    if not _COLOUR.fullmatch(written):
        return ""
    return "#" + "".join(digit * 2 for digit in written[1:]) if len(written) == _SHORT else written


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _refuse(*_declared: object) -> None:
    raise CodebookUnreadable
