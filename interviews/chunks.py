"""How a recording or a transcript lies sealed: in pieces of one MiB, each bound to its file, its place and the whole.

AES-256-GCM under a key of the file's own, which is sealed with the woman's data key. A piece that was altered, moved to
another place, taken from another file, or that belongs to a file of another length does not open; one that is missing
is noticed by its place. Nonces come from the operating system here and are never passed in.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from participants.vault import KEY_BYTES, NONCE_BYTES, VaultTampered

CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Sealing:
    """A file as its pieces know it: whose key, which file, how long the whole is."""

    key: bytes
    file_id: UUID
    total_bytes: int

    def seal(self, position: int, content: bytes) -> bytes:
        """Encrypt the piece at a place (from 0): 12 bytes of nonce, then the ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, content, self._bound(position))

    def open(self, position: int, sealed: bytes) -> bytes:
        """Decrypt the piece of a place. Raise vault.VaultTampered."""
        try:
            content = AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound(position))
        except (InvalidTag, ValueError) as error:
            raise VaultTampered from error
        if len(content) != chunk_size(self.total_bytes, position):
            raise VaultTampered
        return content

    def _bound(self, position: int) -> bytes:
        return "\0".join(("ivp-study file v1", str(self.file_id), str(position), str(self.total_bytes))).encode()


def new_file_key() -> bytes:
    """Make a key for one file."""
    return os.urandom(KEY_BYTES)


def chunk_count(total_bytes: int) -> int:
    """Return in how many pieces a file lies."""
    return -(-total_bytes // CHUNK_BYTES)


def chunk_size(total_bytes: int, position: int) -> int:
    """Return the length of the piece at a place: a MiB, or what is left for the last; 0 beyond it."""
    return max(0, min(CHUNK_BYTES, total_bytes - position * CHUNK_BYTES))


def opened(sealing: Sealing, pieces: Iterable[tuple[int, bytes]], *, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes `first` to `last` (both with) from sealed pieces (place, ciphertext) in order; one at a time.

    Raise vault.VaultTampered where a piece does not open, is missing or out of place.
    """
    expected = first // CHUNK_BYTES
    for position, sealed in pieces:
        if position != expected:
            raise VaultTampered
        begins = position * CHUNK_BYTES
        yield sealing.open(position, sealed)[max(0, first - begins) : last - begins + 1]
        expected += 1
    if expected != last // CHUNK_BYTES + 1:
        raise VaultTampered
