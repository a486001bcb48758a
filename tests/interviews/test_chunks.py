"""A piece opens only where it belongs, whole and unaltered."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.chunks import CHUNK_BYTES, Sealing, chunk_count, chunk_size, new_file_key, opened
from participants.vault import VaultTampered

FILE = UUID(int=7)
CONTENT = b"".join(bytes([n]) * CHUNK_BYTES for n in range(3)) + b"end"
LAST = len(CONTENT) - 1
KEY = new_file_key()
SEAL = Sealing(KEY, FILE, len(CONTENT))
PIECES = [(n, SEAL.seal(n, CONTENT[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES])) for n in range(4)]


def whole(pieces, seal=SEAL, first=0, last=LAST) -> bytes:
    return b"".join(opened(seal, pieces, first=first, last=last))


def test_what_was_sealed_opens():
    assert whole(PIECES) == CONTENT


@pytest.mark.parametrize(
    ("total", "count", "last"),
    [(1, 1, 1), (CHUNK_BYTES, 1, CHUNK_BYTES), (CHUNK_BYTES + 1, 2, 1), (500 * 2**20, 500, CHUNK_BYTES)],
)
def test_pieces_of_a_length(total, count, last):
    assert (chunk_count(total), chunk_size(total, count - 1), chunk_size(total, count)) == (count, last, 0)


@pytest.mark.requirement("F53")
@pytest.mark.parametrize(
    ("what", "pieces"),
    [
        ("altered", [(0, PIECES[0][1][:-1] + bytes([PIECES[0][1][-1] ^ 1])), *PIECES[1:]]),
        ("reordered", [PIECES[1], PIECES[0], *PIECES[2:]]),
        ("reordered and renumbered", [(0, PIECES[1][1]), (1, PIECES[0][1]), *PIECES[2:]]),
        ("one missing", [PIECES[0], *PIECES[2:]]),
        ("one missing, others renumbered", [PIECES[0], (1, PIECES[2][1]), (2, PIECES[3][1])]),
        ("cut off", PIECES[:3]),
        ("one twice", [PIECES[0], PIECES[0], *PIECES[1:]]),
        ("shortened", [(0, PIECES[0][1][:20]), *PIECES[1:]]),
    ],
)
def test_tampering_is_found(what, pieces):
    with pytest.raises(VaultTampered):
        whole(pieces)


@pytest.mark.parametrize(
    "other",
    [Sealing(new_file_key(), FILE, len(CONTENT)), Sealing(KEY, UUID(int=8), len(CONTENT))],
    ids=["another key", "another file"],
)
def test_pieces_of_another_file_do_not_open(other):
    with pytest.raises(VaultTampered):
        whole(PIECES, other)


@pytest.mark.parametrize("pretended", [len(CONTENT) - 3, len(CONTENT) - 1, len(CONTENT) + 1])
def test_a_file_that_pretends_another_length_does_not_open(pretended):
    seal = Sealing(KEY, FILE, pretended)
    with pytest.raises(VaultTampered):
        whole(PIECES[: chunk_count(pretended)], seal, last=pretended - 1)


@given(st.data())
def test_any_range_gives_its_bytes(data):
    first = data.draw(st.integers(0, len(CONTENT) - 1))
    last = data.draw(st.integers(first, len(CONTENT) - 1))
    pieces = PIECES[first // CHUNK_BYTES : last // CHUNK_BYTES + 1]
    assert whole(pieces, first=first, last=last) == CONTENT[first : last + 1]
