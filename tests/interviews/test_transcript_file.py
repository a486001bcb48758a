"""Transcripts of three formats, and files that mean harm."""

import pytest

from interviews import transcript_file
from interviews.transcript_file import (
    Paragraph,
    TranscriptTooLarge,
    TranscriptUnreadable,
    as_bytes,
    from_bytes,
    read_transcript,
)
from tests.interviews.bringing import DOCX_BEGIN, DOCX_END, docx, odt, zipped

LINES = ("E: ¿Cómo le va?", "P1:  Bien,   gracias.", "Hubo una pausa.", "Dijo: nada")
PARAGRAPHS = [
    Paragraph("E", "¿Cómo le va?"),
    Paragraph("P1", "Bien, gracias."),
    Paragraph("", "Hubo una pausa."),
    Paragraph("Dijo", "nada"),
]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("\n\n".join(LINES).encode(), "txt"),
        (("\ufeff" + "\r\n".join(LINES)).encode(), "txt"),
        ("\n".join(LINES).encode("cp1252"), "txt"),
        (docx(*LINES), "docx"),
        (odt(*LINES), "odt"),
    ],
    ids=["txt", "txt with mark", "txt of Windows", "docx", "odt"],
)
def test_formats_give_the_same_paragraphs(content, kind):
    assert read_transcript(content, kind) == PARAGRAPHS


def test_what_is_sealed_is_read_again():
    assert from_bytes(as_bytes(PARAGRAPHS)) == PARAGRAPHS


def test_deleted_text_and_comments_are_left_out():
    deleted = "<w:p><w:del><w:r><w:t>Rosa</w:t></w:r></w:del><w:r><w:t>ella</w:t></w:r></w:p>"
    assert read_transcript(docx(xml=DOCX_BEGIN + deleted + DOCX_END), "docx") == [Paragraph("", "ella")]
    commented = odt("ella<office:annotation><text:p>Rosa</text:p></office:annotation> vino")
    assert read_transcript(commented, "odt") == [Paragraph("", "ella vino")]


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(xml=BOMB), "docx"),
        (docx(xml=OUTSIDE), "docx"),
        (docx(xml="<a>" * 200 + "</a>" * 200), "docx"),
        (docx(xml="<a><b></a>"), "docx"),
        (docx("a")[:-30], "docx"),
        (docx(""), "docx"),
        (zipped({"a": "b"}), "docx"),
        (b"a\0b", "txt"),
        (b"\n \n", "txt"),
    ],
    ids=["bomb", "entity", "deep", "unclosed", "cut off", "empty", "other zip", "nul", "blank"],
)
def test_hostile_and_broken_files_are_refused(content, kind):
    with pytest.raises(TranscriptUnreadable):
        read_transcript(content, kind)


def test_zip_bombs_are_refused_before_they_unfold():
    huge = docx(xml=DOCX_BEGIN + " " * (40 * 2**20) + DOCX_END)
    assert len(huge) < 2**17
    with pytest.raises(TranscriptTooLarge):
        read_transcript(huge, "docx")
    with pytest.raises(TranscriptTooLarge):
        read_transcript(zipped({f"{n}": "" for n in range(transcript_file.MOST_PARTS + 1)}), "docx")


def test_a_text_beyond_days_of_talk_is_refused():
    with pytest.raises(TranscriptTooLarge):
        read_transcript(b"a\n" * (transcript_file.MOST_PARAGRAPHS + 1), "txt")
