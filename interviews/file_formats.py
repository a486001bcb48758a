"""What a file is, told by how it begins and never by its name or by what a browser says."""

import codecs
import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a file holds."""

    AUDIO = "audio", _("Recording")
    TRANSCRIPT = "transcript", _("Transcript")


class Format(TextChoices):
    """The formats that are taken."""

    WAV = "wav", _("WAV audio")
    MP3 = "mp3", _("MP3 audio")
    M4A = "m4a", _("M4A audio")
    OGG = "ogg", _("Ogg or Opus audio")
    WEBM = "webm", _("WebM audio")
    FLAC = "flac", _("FLAC audio")
    TXT = "txt", _("Plain text")
    DOCX = "docx", _("Word document")
    ODT = "odt", _("OpenDocument text")


MEDIA_TYPES: dict[str, str] = {
    Format.WAV: "audio/wav",
    Format.MP3: "audio/mpeg",
    Format.M4A: "audio/mp4",
    Format.OGG: "audio/ogg",
    Format.WEBM: "audio/webm",
    Format.FLAC: "audio/flac",
    Format.TXT: "text/plain; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}
# Brands of ISO base media files (ISO/IEC 14496-12) that recorders and telephones write.
_BRANDS = re.compile(rb"(M4A |M4B |M4V |mp4[12]|isom|iso[2-9]|3gp[4-9]|3g2a|MSNV|dash|avc1)")
_ODT_MIME = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ZIP = b"PK\x03\x04"
# The first bytes of an MPEG frame: eleven set bits, then version and layer, then bit rate and sampling rate.
_NO_VERSION, _NO_LAYER, _NO_RATE, _NO_SAMPLING = 0b01, 0b00, (0b0000, 0b1111), 0b11


def format_of(kind: str, head: bytes) -> Format | None:
    """Return the format of a file of a kind by its first bytes (a MiB, or all of it); None if it is none of them."""
    return _transcript(head) if kind == Kind.TRANSCRIPT else _audio(head)


def _audio(head: bytes) -> Format | None:
    begins = {
        Format.WAV: head[:4] == b"RIFF" and head[8:12] == b"WAVE",
        Format.M4A: head[4:8] == b"ftyp" and bool(_BRANDS.match(head, 8)),
        Format.OGG: head[:4] == b"OggS" and any(mark in head[:256] for mark in (b"OpusHead", b"\x01vorbis", b"FLAC")),
        Format.WEBM: head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64],
        Format.FLAC: head[:4] == b"fLaC",
        Format.MP3: head[:3] == b"ID3" or _is_mpeg_frame(head[:3]),
    }
    return next((found for found, is_it in begins.items() if is_it), None)


def _is_mpeg_frame(head: bytes) -> bool:
    if len(head) < len(b"\xff\xfb\x90") or head[0] != 0xFF or head[1] >> 5 != 0b111:  # noqa: PLR2004
        return False
    version, layer = head[1] >> 3 & 0b11, head[1] >> 1 & 0b11
    rate, sampling = head[2] >> 4, head[2] >> 2 & 0b11
    return version != _NO_VERSION and layer != _NO_LAYER and rate not in _NO_RATE and sampling != _NO_SAMPLING


def _transcript(head: bytes) -> Format | None:
    if head[:4] == _ZIP:
        return Format.ODT if head[30:].startswith(_ODT_MIME) else Format.DOCX
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = decoder.decode(head)
    except UnicodeDecodeError:
        text = head.decode("cp1252", errors="replace")
    controls = sum(ord(sign) < ord(" ") and sign not in "\t\n\r\f" for sign in text)
    return Format.TXT if text.strip() and not controls and "\ufffd" not in text else None
