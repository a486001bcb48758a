"""A search for what must stand nowhere is worth as much as its reading of files."""

import random
import zlib

import pytest

from tests.architecture.reading import pdf_text, unsaid_on


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_every_packed_stream_is_read_whole_whatever_byte_it_ends_in(newline):
    chance = random.Random(1)
    texts = ["".join(chance.choices("abcdef 0123456789", k=chance.randint(5, 80))) for _text in range(5000)]
    packed = [zlib.compress(text.encode()) for text in texts]
    content = b"".join(b"stream" + newline + stream + newline + b"endstream" + newline for stream in packed)

    assert {stream[-1:] for stream in packed} >= {b"\r", b"\n"}
    assert pdf_text(content) == "".join(texts)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>Nada de esto</p>", []),
        ("<p title='None'>Ninguno <code>None</code><script>return None;</script></p>", []),
        ("<td>None</td>", ["None"]),
        ("<td>2026-11-29T10:00</td>", ["2026-11-29T10"]),
        ("<p>Hola %(name)s, {{ name }}</p>", ["%(name)", "{{", "}}"]),
    ],
)
def test_words_of_a_program_are_found_where_somebody_reads_them(page, found):
    assert unsaid_on(page) == found
