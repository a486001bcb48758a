"""The codebook as others read it, and files that mean harm."""

import re
from uuid import UUID
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.refi_qda import CodebookUnreadable, ExchangedCode, read_codebook, write_codebook

SPACE = "{urn:QDA-XML:codebook:1.0}"
TOP = ExchangedCode(UUID(int=1), "Apoyo & ayuda", None, "#E69F00", "Lo que <otros> hacen")
UNDER = ExchangedCode(UUID(int=2), "Familia", TOP.guid, "#56B4E9")
HEADING = ExchangedCode(UUID(int=4), "Temas", None, "", "Solo agrupa", is_codable=False)
OTHER = ExchangedCode(UUID(int=3), "Confianza")


@pytest.mark.requirement("F53")
def test_structure_is_that_of_the_standard():
    root = fromstring(write_codebook([TOP, UNDER, OTHER], origin="Agenda"))
    # Sets may be left out, and have a Set where they are not: an empty one is refused by who checks.
    assert (root.tag, root.get("origin"), [part.tag for part in root]) == (
        f"{SPACE}CodeBook", "Agenda", [f"{SPACE}Codes"]
    )  # fmt: skip
    codes = root.find(f"{SPACE}Codes")
    assert [code.get("name") for code in codes] == ["Apoyo & ayuda", "Confianza"]
    first = codes[0]
    assert set(first.attrib) == {"guid", "name", "isCodable", "color"}
    assert (first.get("guid"), first.get("isCodable"), first.get("color")) == (str(TOP.guid), "true", "#E69F00")
    assert [part.tag for part in first] == [f"{SPACE}Description", f"{SPACE}Code"]
    assert first[0].text == TOP.memo


# Source: Codebook.xsd of REFI-QDA 1.5: CodeType, GUIDType and RGBType.
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
COLOUR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")


def assert_is_code(code):
    """As the standard has it: what it must say of itself, then a description at most, then what stands under it."""
    assert GUID.fullmatch(code.get("guid"))
    assert code.get("name")
    assert code.get("isCodable") in ("true", "false")
    assert set(code.attrib) <= {"guid", "name", "isCodable", "color"}
    assert "color" not in code.attrib or COLOUR.fullmatch(code.get("color"))
    parts = [part.tag.removeprefix(SPACE) for part in code]
    assert parts in (["Code"] * len(parts), ["Description", *["Code"] * (len(parts) - 1)])
    assert all(not part.attrib and not len(part) for part in code.iterfind(f"{SPACE}Description"))
    for under in code.iterfind(f"{SPACE}Code"):
        assert_is_code(under)


@pytest.mark.requirement("F53")
@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 20), st.booleans()), min_size=1, max_size=20))
def test_whatever_codes_say_and_however_deep_they_stand_each_is_as_the_standard_has_it(drawn):
    codes = []
    for n, (memo, above, has_colour) in enumerate(drawn, start=1):
        parent = codes[above].guid if above < len(codes) else None
        codes.append(ExchangedCode(UUID(int=n), f"c{n}", parent, "#0072B2" if has_colour else "", memo))

    (top,) = fromstring(write_codebook(codes, origin="Agenda"))

    assert len(top) >= 1
    assert {code.tag for code in top} == {f"{SPACE}Code"}
    for code in top:
        assert_is_code(code)
    assert len(list(top.iter(f"{SPACE}Code"))) == len(codes)


@pytest.mark.parametrize(
    ("written", "read"),
    [("#fA0", "#ffAA00"), ("#00ff7F", "#00ff7F"), (" #ABC ", "#AABBCC"), ("#ABCD", ""), ("abc", ""), ("", "")],
)
def test_colours_of_three_and_six_digits_are_read(written, read):
    content = HEAD + ONE.replace(b"/>", f' color="{written}"/>'.encode()) + TAIL
    assert [code.colour for code in read_codebook(content)] == [read]


def test_what_is_written_is_read_again():
    codes = [TOP, UNDER, OTHER, HEADING]
    assert read_codebook(write_codebook(codes, origin="Agenda")) == codes


@pytest.mark.parametrize(("written", "read"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_whether_it_can_be_marked_with_is_read_as_xml_writes_it(written, read):
    content = HEAD + ONE.replace(b"/>", f' isCodable="{written}"/>'.encode()) + TAIL
    assert [code.is_codable for code in read_codebook(content)] == [read]


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
