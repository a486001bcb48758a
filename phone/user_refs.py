"""By what a phone keeps the stores of its users apart: neither the account's number nor its name."""

import hashlib
import hmac
from collections.abc import Iterable

_SALT = "phone.user_ref"
_LENGTH = 32


def user_refs(user_id: int, secrets: Iterable[str | bytes]) -> list[str]:
    """Return what an account is called on phones under each secret of the settings, the first being the one in use."""
    said = f"{_SALT} {user_id}".encode()
    return [hmac.new(_bytes(secret), said, hashlib.sha256).hexdigest()[:_LENGTH] for secret in secrets]


def _bytes(secret: str | bytes) -> bytes:
    return secret if isinstance(secret, bytes) else secret.encode()
