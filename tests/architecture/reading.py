"""What a file that was downloaded says, as text."""

import io
import re
import zipfile
import zlib


def pdf_text(content: bytes) -> str:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return "".join(zlib.decompress(stream).decode("latin-1") for stream in streams if stream.startswith(b"x\x9c"))


def zip_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
