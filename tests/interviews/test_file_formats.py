"""What a file is, by its content; and which bytes of it are asked for."""

import struct

import pytest

from interviews.file_formats import MEDIA_TYPES, Format, format_of
from interviews.ranges import RangeNotSatisfiable, byte_range
from tests.interviews.bringing import docx, odt, wav, zipped

M4A = struct.pack(">I", 24) + b"ftypM4A \x00\x00\x00\x00"
OGG = b"OggS\x00\x02" + bytes(22) + b"OpusHead"
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (wav(64), Format.WAV),
        (b"ID3\x04\x00", Format.MP3),
        (b"\xff\xfb\x90\x64", Format.MP3),
        (M4A, Format.M4A),
        (OGG, Format.OGG),
        (WEBM, Format.WEBM),
        (b"fLaC\x00", Format.FLAC),
        (b"\xff\xf1\x50\x80", None),  # ADTS: no layer
        (b"\xff\xfb\xf0\x64", None),  # no such bit rate
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (struct.pack(">I", 24) + b"ftypheic", None),
        (b"OggS" + bytes(300), None),
        (b"MZ\x90\x00", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_sound_is_told_by_its_beginning(head, found):
    assert format_of("audio", head) == found


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("E: ¿Cómo está?\n".encode(), Format.TXT),
        ("Señora".encode("cp1252"), Format.TXT),
        (docx("a"), Format.DOCX),
        (odt("a"), Format.ODT),
        (b"\x00\x01", None),
        (wav(64), None),
        (b"%PDF-1.7\x00", None),
        (b"   \n", None),
    ],
)
def test_transcripts_are_told_by_their_content(head, found):
    assert format_of("transcript", head) == found


def test_every_format_has_a_media_type():
    assert set(MEDIA_TYPES) == set(Format)


def test_any_zip_is_tried_as_a_document():
    assert format_of("transcript", zipped({"a": "b"})) == Format.DOCX


# RFC 9110, section 14.1.2, of a representation of 10000 bytes.
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-499", (0, 499)),
        ("bytes=500-999", (500, 999)),
        ("bytes=-500", (9500, 9999)),
        ("bytes=9500-", (9500, 9999)),
        ("bytes=0-20000", (0, 9999)),
        ("bytes=-20000", (0, 9999)),
        ("bytes=5-4", None),
        ("bytes=0-0,-1", None),
        ("bytes=-", None),
        ("pages=1-2", None),
        ("", None),
    ],
)
def test_range(header, expected):
    assert byte_range(header, 10_000) == expected


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001", "bytes=-0"])
def test_range_outside(header):
    with pytest.raises(RangeNotSatisfiable):
        byte_range(header, 10_000)
