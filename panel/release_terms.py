"""What one release keeps apart from all others: the key of its pseudonyms, and whether its days are shifted."""

import hashlib
import hmac
from dataclasses import dataclass, field

LARGEST_SHIFT_DAYS = 15
_SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class ReleaseTerms:
    """How the women of a release are named and their days are counted.

    Women have codes keyed with `pseudonym_key`: with a fresh key nobody joins two releases. With `shift_days` all that
    was observed of a woman is moved by one number of days, from -15 to 15, drawn for her by the same key; what the
    protocol sets, such as the day on which a wave is due, is not.
    """

    pseudonym_key: bytes = field(repr=False)
    shift_days: bool = False

    def __post_init__(self) -> None:
        """Refuse a key that could be tried out. Raises ValueError."""
        if len(self.pseudonym_key) < _SHORTEST_KEY:
            raise ValueError(f"a pseudonym key has at least {_SHORTEST_KEY} bytes")


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return a key xored with HMAC-SHA256's inner and outer pads (RFC 2104), as the database's sha256() wants them."""
    size = hashlib.sha256().block_size
    short = hashlib.sha256(key).digest() if len(key) > size else key
    whole = short.ljust(size, b"\0")
    return bytes(byte ^ 0x36 for byte in whole), bytes(byte ^ 0x5C for byte in whole)


def shift_key(key: bytes) -> bytes:
    """Return the key that draws the shifts, of which the codes of the women tell nothing."""
    return hmac.new(key, b"panel.shift", hashlib.sha256).digest()
