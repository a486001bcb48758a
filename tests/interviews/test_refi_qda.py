"""The codebook as others read it, and files that mean harm."""

from uuid import UUID
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.refi_qda import CodebookUnreadable, ExchangedCode, read_codebook, write_codebook

SPACE = "{urn:QDA-XML:codebook:1.0}"
TOP = ExchangedCode(UUID(int=1), "Apoyo & ayuda", None, "#E69F00", "Lo que <otros> hacen")
UNDER = ExchangedCode(UUID(int=2), "Familia", TOP.guid, "#56B4E9")
OTHER = ExchangedCode(UUID(int=3), "Confianza")


@pytest.mark.requirement("F53")
def test_structure_is_that_of_the_standard():
    root = fromstring(write_codebook([TOP, UNDER, OTHER], origin="Agenda"))
    assert (root.tag, root.get("origin"), [part.tag for part in root]) == (
        f"{SPACE}CodeBook", "Agenda", [f"{SPACE}Codes", f"{SPACE}Sets"]
    )  # fmt: skip
    codes = root.find(f"{SPACE}Codes")
    assert [code.get("name") for code in codes] == ["Apoyo & ayuda", "Confianza"]
    first = codes[0]
    assert set(first.attrib) == {"guid", "name", "isCodable", "color"}
    assert (first.get("guid"), first.get("isCodable"), first.get("color")) == (str(TOP.guid), "true", "#E69F00")
    assert [part.tag for part in first] == [f"{SPACE}Description", f"{SPACE}Code"]
    assert first[0].text == TOP.memo


def test_what_is_written_is_read_again():
    assert read_codebook(write_codebook([TOP, UNDER, OTHER], origin="Agenda")) == [TOP, UNDER, OTHER]


@given(st.lists(st.text(min_size=1, max_size=40).filter(lambda name: name.strip().isprintable() and name.strip())))
def test_any_name_survives(names):
    codes = [ExchangedCode(UUID(int=n), name.strip()) for n, name in enumerate(names, start=1)]
    if codes:
        assert read_codebook(write_codebook(codes, origin="Agenda")) == codes


def test_files_of_other_programs_with_braces_and_notes_are_read():
    content = b"""<?xml version="1.0" encoding="utf-8"?>
    <CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other"><Codes>
      <Code guid="{00000000-0000-0000-0000-00000000000A}" name="A" isCodable="true" color="red">
        <Description>a memo</Description><NoteRef targetGUID="x"/></Code></Codes>
      <Sets><Set guid="y" name="s"><Description>of a set</Description><MemberCode targetGUID="z"/></Set></Sets>
    </CodeBook>"""
    assert read_codebook(content) == [ExchangedCode(UUID(int=10), "A", None, "", "a memo")]


HEAD = b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
ONE = b'<Code guid="00000000-0000-0000-0000-00000000000a" name="A"/>'
TAIL = b"</Codes></CodeBook>"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"<CodeBook/>",
        HEAD + TAIL,
        HEAD + ONE + ONE + TAIL,
        HEAD + b'<Code guid="1" name="A"/>' + TAIL,
        HEAD + ONE.replace(b'name="A"', b"") + TAIL,
        HEAD + ONE,
        b'<!DOCTYPE a [<!ENTITY a "b">]>' + HEAD + ONE + TAIL,
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD + b"&a;" + TAIL,
        HEAD + b"<Code>" * 100 + TAIL,
        HEAD + ONE + b" " * (2 * 2**20) + TAIL,
        b'<?xml version="1.0" encoding="no-such"?>' + HEAD + ONE + TAIL,
    ],
)
def test_hostile_and_broken_files_are_refused(content):
    with pytest.raises(CodebookUnreadable):
        read_codebook(content)


def test_a_thousand_codes_are_the_most():
    many = [ExchangedCode(UUID(int=n), f"c{n}") for n in range(1, 1003)]
    with pytest.raises(CodebookUnreadable):
        read_codebook(write_codebook(many, origin="Agenda"))
