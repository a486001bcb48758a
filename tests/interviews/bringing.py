"""Files as somebody would bring them, made here: sound that says nothing, and documents of a few lines."""

import hashlib
import io
import struct
import zipfile

from interviews.chunks import CHUNK_BYTES
from interviews.services import begin_upload, finish_upload, receive_piece
from interviews.uploading import Offer
from tests.factories import NOW

DOCX_BEGIN = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
DOCX_END = "</w:body></w:document>"


def wav(size: int = 3 * CHUNK_BYTES + 17) -> bytes:
    """Return a WAV of that many bytes whose every part differs."""
    head = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt "
    words = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(size // 32 + 1))
    return (head + words)[:size]


def docx(*paragraphs: str, xml: str = "") -> bytes:
    lines = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml or DOCX_BEGIN + lines + DOCX_END})


def odt(*paragraphs: str) -> bytes:
    spaces = 'xmlns:office="o" xmlns:text="t"'
    lines = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    body = f"<office:document {spaces}><office:body>{lines}</office:body></office:document>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=packed)
    return out.getvalue()


def offer_of(content: bytes, kind: str = "audio") -> Offer:
    return Offer(kind, len(content), hashlib.sha256(content).hexdigest())


def begun(talk, content: bytes, kind: str = "audio", now=NOW):
    return begin_upload(by=talk.interviewer, interview=talk.interview, offer=offer_of(content, kind), now=now)


def piece_of(content: bytes, position: int) -> bytes:
    return content[position * CHUNK_BYTES : (position + 1) * CHUNK_BYTES]


def sent(talk, file, content: bytes, *positions: int, now=NOW):
    for position in positions or range(file.received, file.pieces):
        piece = piece_of(content, position)
        digest = hashlib.sha256(piece).hexdigest()
        file = receive_piece(by=talk.interviewer, file=file, position=position, content=piece, sha256=digest, now=now)
    return file


def brought(talk, content: bytes, kind: str = "audio", now=NOW):
    """Bring a file in whole."""
    file = sent(talk, begun(talk, content, kind, now), content, now=now)
    return finish_upload(by=talk.interviewer, file=file, now=now)
