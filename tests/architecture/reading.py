"""What a file that was downloaded says, as text."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from django.http import HttpResponseBase


def pdf_text(content: bytes) -> str:
    """Return the packed streams of a PDF unpacked; a stream may end in any byte, a carriage return among them."""
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", content, re.DOTALL)
    return "".join(
        zlib.decompressobj().decompress(stream).decode("latin-1") for stream in streams if stream.startswith(b"x\x9c")
    )


def zip_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("latin-1") for name in archive.namelist())


_UNSEEN = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL)
# What a program says and a person never would; none of it is a word of Spanish.
_UNSAID = re.compile(
    r"\b(?:None|True|False|Decimal\(|datetime\.)|\b\d{4}-\d\d-\d\dT\d\d|%\(\w+\)|\{[{%]|[%}]\}|&lt;\w+:"
)


def unsaid_on(page: str) -> list[str]:
    """Return what the visible text of a Spanish page says in the words of a program."""
    return _UNSAID.findall(_UNSEEN.sub(" ", page))


# A kind of content that is not named here cannot be searched: say how it is read.
READERS: dict[str, Callable[[bytes], str]] = {
    "text/html": bytes.decode,
    "text/plain": bytes.decode,
    "text/csv": bytes.decode,
    "text/javascript": bytes.decode,
    "application/manifest+json": bytes.decode,
    "application/json": bytes.decode,
    "application/vnd.oai.openapi": bytes.decode,
    "application/x-pem-file": bytes.decode,
    "application/xml": bytes.decode,
    "text/xml": bytes.decode,
    "application/octet-stream": partial(str, encoding="latin-1"),
    "audio/wav": partial(str, encoding="latin-1"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": zip_text,
    "application/pdf": pdf_text,
    "application/zip": zip_text,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": zip_text,
}


def text_of(response: HttpResponseBase) -> str:
    """Return a response whole: headers, cookies and content."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    read = READERS[response.get("Content-Type", "text/plain").partition(";")[0]]
    return f"{response.headers} {response.cookies.output()} {read(content)}"
