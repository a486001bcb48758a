"""Logs that a phone sealed to the server (`sealToServer` of static/js/offline/seal.js), opened with its private key.

An ephemeral P-256 key agrees with the server's; HKDF-SHA256 over the shared secret, salted with the ephemeral point and
naming the server's key, gives an AES-256-GCM key; the context is bound as associated data.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRIVATE_BYTES = 32
VERSION = 1


class ParcelUnreadable(Exception):
    """It is no parcel, was altered, or was sealed to another key."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A sealed value as a phone wrote it."""

    key_id: str
    point: bytes
    nonce: bytes
    sealed: bytes
    context: str


def new_private_part() -> bytes:
    """Make the private number of a key pair, 32 bytes."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(PRIVATE_BYTES)


def public_point(private_part: bytes) -> bytes:
    """Return the public point, uncompressed, that phones seal to."""
    return _point(_private_key(private_part).public_key())


def read_parcel(data: object) -> Parcel:
    """Read a parcel from JSON. Raise ParcelUnreadable."""
    if not isinstance(data, Mapping) or data.get("version") != VERSION:
        raise ParcelUnreadable
    try:
        return Parcel(
            key_id=str(data["key_id"]),
            point=from_text(data["point"]),
            nonce=from_text(data["iv"]),
            sealed=from_text(data["sealed"]),
            context=str(data["context"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ParcelUnreadable from error


def open_parcel(private_part: bytes, parcel: Parcel) -> Any:
    """Return the value that a phone sealed. Raise ParcelUnreadable."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), parcel.point)
        shared = _private_key(private_part).exchange(ec.ECDH(), theirs)
        info = f"agenda sealed log v1 {parcel.key_id}".encode()
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=parcel.point, info=info).derive(shared)
        return json.loads(AESGCM(key).decrypt(parcel.nonce, parcel.sealed, parcel.context.encode()))
    except (InvalidTag, ValueError, RecursionError) as error:
        raise ParcelUnreadable from error


def to_text(data: bytes) -> str:
    """Return bytes in base64url without its filling, as phones write them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Read what `to_text` wrote. Raise ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        message = "no base64url"
        raise ValueError(message) from error


def _private_key(private_part: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private_part), ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
