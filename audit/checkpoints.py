"""Signed checkpoints of the audit: what it held on a day, so that nobody can rewrite it afterwards unseen.

A checkpoint is one line of text with an Ed25519 signature (RFC 8032). Whoever keeps it, with the public key, needs
nothing of this system to see that it is genuine, and the database must hold the same hash at that row for ever.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32
_FIELDS = ("text", "signature", "key")


class CheckpointWrong(ValueError):
    """A checkpoint that is none, or that this key did not sign; the sentence says which."""


class SigningKeyInvalid(ValueError):
    """The secret is no signing key."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: when (UTC, ISO 8601), how many rows hold, the last one's hash, and what is wrong ("")."""

    at: str
    rows: int
    head: str
    problem: str = ""

    def text(self) -> str:
        """Return the line that is signed."""
        said = {"at": self.at, "rows": self.rows, "head": self.head, "problem": self.problem}
        return json.dumps(said, separators=(",", ":"), sort_keys=True)


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Return the key whose 32 bytes a secret gives in base64url. Raise SigningKeyInvalid."""
    try:
        seed = base64.urlsafe_b64decode(secret.strip() + "=" * (-len(secret.strip()) % 4))
        return Ed25519PrivateKey.from_private_bytes(seed)
    except (ValueError, binascii.Error) as error:
        raise SigningKeyInvalid(f"the audit's signing key: expected {SEED_BYTES} bytes in base64url") from error


def public_key(text: str) -> Ed25519PublicKey:
    """Return a public key that was written down: PEM, or what stands between its two lines. Raise SigningKeyInvalid."""
    body = re.sub(r"-----[A-Z ]+-----", "", text)
    try:
        key = serialization.load_der_public_key(base64.b64decode("".join(body.split()), validate=True))
    except (ValueError, binascii.Error) as error:
        raise SigningKeyInvalid("a key that signed before: expected an Ed25519 public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyInvalid("a key that signed before: expected Ed25519, found another kind")
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    """Return the public key in the form that other programs read (PEM)."""
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")


def key_id(key: Ed25519PublicKey) -> str:
    """Return the short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256(raw).hexdigest()[:16]


def signature(text: str, key: Ed25519PrivateKey) -> bytes:
    """Return the 64 bytes of the signature of a checkpoint's text."""
    return key.sign(text.encode())


def document(text: str, signed: bytes, name: str) -> dict[str, str]:
    """Return the checkpoint as it is handed out."""
    return {"text": text, "signature": base64.b64encode(signed).decode("ascii"), "key": name}


def checked(found: Mapping[str, object], key: Ed25519PublicKey) -> Statement:
    """Return what a handed-out checkpoint says, once its signature is seen to be this key's. Raise CheckpointWrong."""
    missing = [name for name in _FIELDS if not isinstance(found.get(name), str)]
    if missing:
        raise CheckpointWrong(f"no checkpoint: {', '.join(missing)} missing or no text")
    text = str(found["text"])
    try:
        key.verify(base64.b64decode(str(found["signature"]), validate=True), text.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        raise CheckpointWrong(f"the signature is not that of this study's key {key_id(key)}") from None
    try:
        said = json.loads(text)
        return Statement(str(said["at"]), int(said["rows"]), str(said["head"]), str(said["problem"]))
    except (ValueError, KeyError, TypeError):
        raise CheckpointWrong("the signed text is no statement about the audit") from None
