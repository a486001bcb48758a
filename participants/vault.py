"""The identity vault's cryptography: one data key per woman, wrapped by a master key; keyed hashes to find her by.

Envelope encryption with AES-256-GCM. The study code, the purpose and (for the wrapped key) the master key's id are
bound as associated data, so that nothing sealed for one woman or purpose opens for another. Nonces and data keys come
from the operating system here and are never passed in: one used twice would break the seal.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from participants.addresses import normalised_address

KEY_BYTES = 32
NONCE_BYTES = 12
NATIONAL_DIGITS = 9
_KEY_ID = re.compile(r"^[0-9A-Za-z_-]{1,32}$")
_WORDS = re.compile(r"[^\W_]+")


class VaultKeysInvalid(Exception):
    """The master keys as configured cannot be used; the message never repeats one."""


class VaultKeyMissing(Exception):
    """The master key that sealed this is not among those configured."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"the vault's master key {key_id!r} is not configured")


class VaultTampered(Exception):
    """What is sealed was altered, belongs to another woman or purpose, or was sealed under another key."""

    def __init__(self) -> None:
        super().__init__("the sealed data does not belong to this record or was altered")


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps data keys; its id is stored beside what it wrapped."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The master keys in force: the first seals and makes lookup hashes, all open and find."""

    keys: tuple[MasterKey, ...]

    @property
    def current(self) -> MasterKey:
        """Return the key that wraps new data keys and makes new hashes."""
        return self.keys[0]

    def key(self, key_id: str) -> MasterKey:
        """Return the key of that id. Raise VaultKeyMissing."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise VaultKeyMissing(key_id)


class Lookup(StrEnum):
    """What a woman, her household or the man she reported can be found by, without being readable."""

    DOCUMENT = "document"
    TELEPHONE = "telephone"
    NAME = "name"
    HOUSEHOLD = "household"
    AGGRESSOR_DOCUMENT = "aggressor_document"
    AGGRESSOR_NAME = "aggressor_name"
    REPORT_NUMBER = "report_number"
    AGGRESSOR_SURNAMES = "aggressor_surnames"
    HOME_DISTRICT = "home_district"
    """Nobody is found by it: see `home_hash`."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A woman's data key, wrapped: destroying it erases whatever it sealed."""

    master_key_id: str
    data: bytes = field(repr=False)


def parse_keyring(text: str) -> Keyring:
    """Read master keys of 32 bytes, written "id:base64", separated by commas or lines. Raise VaultKeysInvalid."""
    keys: list[MasterKey] = []
    for place, entry in enumerate(re.split(r"[,\s]+", text.strip()), start=1):
        key_id, _, encoded = entry.partition(":")
        secret = _decoded(encoded)
        if not _KEY_ID.match(key_id) or len(secret) != KEY_BYTES:
            message = f"master key {place}: expected an id, a colon and {KEY_BYTES} bytes in base64"
            raise VaultKeysInvalid(message)
        if any(key.id == key_id for key in keys):
            message = f"master key {place}: the id {key_id} stands twice"
            raise VaultKeysInvalid(message)
        keys.append(MasterKey(key_id, secret))
    return Keyring(tuple(keys))


def new_data_key(keyring: Keyring, *, study_code: str) -> WrappedKey:
    """Make a data key for one woman, wrapped by the current master key."""
    return _wrap(os.urandom(KEY_BYTES), keyring.current, study_code=study_code)


def rewrap(keyring: Keyring, wrapped: WrappedKey, *, study_code: str) -> WrappedKey:
    """Wrap a data key anew by the current master key; what it sealed stays as it is. Raise as `unseal` does."""
    return _wrap(_unwrapped(keyring, wrapped, study_code), keyring.current, study_code=study_code)


def seal(keyring: Keyring, wrapped: WrappedKey, plaintext: bytes, *, study_code: str, purpose: str) -> bytes:
    """Encrypt with a woman's data key: 12 bytes of nonce, then the ciphertext with its tag. Raise as `unseal` does."""
    return _encrypted(_unwrapped(keyring, wrapped, study_code), plaintext, _bound(study_code, purpose))


def unseal(keyring: Keyring, wrapped: WrappedKey, sealed: bytes, *, study_code: str, purpose: str) -> bytes:
    """Decrypt what `seal` made for the same woman and purpose. Raise VaultKeyMissing or VaultTampered."""
    return _decrypted(_unwrapped(keyring, wrapped, study_code), sealed, _bound(study_code, purpose))


def wrap_secret(keyring: Keyring, secret: bytes, *, name: str) -> WrappedKey:
    """Wrap a secret of 32 bytes that is no woman's by the current master key; `name` binds it to its place."""
    return _wrap(secret, keyring.current, study_code=f"secret {name}")


def unwrap_secret(keyring: Keyring, wrapped: WrappedKey, *, name: str) -> bytes:
    """Return what `wrap_secret` wrapped under the same name. Raise as `unseal` does."""
    return _unwrapped(keyring, wrapped, f"secret {name}")


def seal_with(secret: bytes, plaintext: bytes, *, name: str, purpose: str) -> bytes:
    """Encrypt with a secret that `wrap_secret` keeps under this name."""
    return _encrypted(secret, plaintext, _bound(f"secret {name}", purpose))


def unseal_with(secret: bytes, sealed: bytes, *, name: str, purpose: str) -> bytes:
    """Decrypt what `seal_with` made for the same name and purpose. Raise VaultTampered."""
    return _decrypted(secret, sealed, _bound(f"secret {name}", purpose))


def lookup_hash(keyring: Keyring, kind: Lookup, text: str) -> bytes | None:
    """Return the 32-byte keyed hash (HMAC-SHA-256) under the current master key, to be stored; None for blank.

    Written forms of the same thing hash alike: see `normalised`.
    """
    return lookup_hashes(keyring, kind, text).get(keyring.current.id)


def lookup_hashes(keyring: Keyring, kind: Lookup, text: str) -> dict[str, bytes]:
    """Return the hashes under each master key, by key id, to be searched for; none for blank.

    A row may have been hashed under any of the keys until they are rotated.
    """
    value = f"{kind}\0{normalised(kind, text)}" if text else ""
    if not value or value.endswith("\0"):
        return {}
    return {key.id: hmac.digest(_hashing_key(key.secret), value.encode(), hashlib.sha256) for key in keyring.keys}


def home_hash(key: MasterKey, *, study_code: str, district: str) -> bytes:
    """Return the 32-byte keyed hash of where a woman lives, bound to her.

    There are some fifty districts: a hash of the district alone would show which women live together, and most live
    where they reported. Bound to her code it shows nothing without the key, and with it answers only whether a district
    that somebody names is hers.
    """
    value = f"{Lookup.HOME_DISTRICT}\0{study_code}\0{district}"
    return hmac.digest(_hashing_key(key.secret), value.encode(), hashlib.sha256)


def normalised(kind: Lookup, text: str) -> str:
    """Return the form that is hashed.

    A document and a report's number keep letters and digits; a telephone its digits without Peru's prefix; a name its
    words without accents, in alphabetical order; an address as `addresses.normalised_address` says.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    if not plain.isascii():
        plain = plain.translate(_WITHOUT_MARKS)
    match kind:
        case Lookup.TELEPHONE:
            digits = re.sub(r"\D", "", plain).removeprefix("00")
            return digits.removeprefix("51") if len(digits) > NATIONAL_DIGITS else digits
        case Lookup.HOUSEHOLD:
            return normalised_address(plain)
        case Lookup.DOCUMENT | Lookup.AGGRESSOR_DOCUMENT | Lookup.REPORT_NUMBER:
            return "".join(_WORDS.findall(plain))
        case _:
            return " ".join(sorted(_WORDS.findall(plain)))


class _WithoutMarks(dict[int, int | None]):
    """Takes the marks off letters (accents, tildes); each character is looked up once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.combining(chr(code)) else code
        return kept


_WITHOUT_MARKS = _WithoutMarks()


@lru_cache(maxsize=8)
def _hashing_key(master_secret: bytes) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"ivp-study lookup v1")
    return derive.derive(master_secret)


def _decoded(encoded: str) -> bytes:
    standard = encoded.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        return b""


def _bound(*parts: str) -> bytes:
    return "\0".join(("ivp-study vault v1", *parts)).encode()


def _wrap(data_key: bytes, master: MasterKey, *, study_code: str) -> WrappedKey:
    return WrappedKey(master.id, _encrypted(master.secret, data_key, _bound(study_code, "data key", master.id)))


def _unwrapped(keyring: Keyring, wrapped: WrappedKey, study_code: str) -> bytes:
    master = keyring.key(wrapped.master_key_id)
    return _decrypted(master.secret, wrapped.data, _bound(study_code, "data key", master.id))


def _encrypted(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, associated)


def _decrypted(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
    except (InvalidTag, ValueError) as error:
        raise VaultTampered from error
