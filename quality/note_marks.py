"""When two notes are the same: by a keyed hash of their words, never by the words."""

import hashlib
import hmac
import re

# "She was well" is written by everybody.
SHORTEST_COMPARED = 30


def note_mark(secret: bytes, note: str) -> str:
    """Return the keyed hash of a note, in hexadecimal; "" for one too short to be compared.

    Capitals, blanks and punctuation make no difference.
    """
    plain = " ".join(re.findall(r"\w+", note.casefold()))
    if len(plain) < SHORTEST_COMPARED:
        return ""
    return hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()
