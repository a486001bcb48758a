"""What a file that was downloaded says, as text."""

import io
import re
import zipfile
import zlib


def pdf_text(content: bytes) -> str:
    """Return the packed streams of a PDF unpacked; a stream may end in any byte, a carriage return among them."""
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", content, re.DOTALL)
    return "".join(
        zlib.decompressobj().decompress(stream).decode("latin-1") for stream in streams if stream.startswith(b"x\x9c")
    )


def zip_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
