"""The code that is printed on a certificate: a keyed hash of what it says, in letters that are easily read out."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

CODE_BYTES = 10
GROUP = 4


def certificate_code(facts: Mapping[str, object], *, key: bytes) -> str:
    """Return the 16 letters and digits (base 32, RFC 4648) of the HMAC-SHA256 of the facts, 80 bits of it."""
    said = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    return base64.b32encode(hmac.digest(key, said, hashlib.sha256)[:CODE_BYTES]).decode()


def in_groups(code: str) -> str:
    """Write a code in groups of four: ABCD-EFGH-IJKL-MNOP."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def as_stored(typed: str) -> str:
    """Return a code as it is stored, however somebody typed it: small letters, blanks and dashes do not matter."""
    return "".join(typed.split()).replace("-", "").upper()
