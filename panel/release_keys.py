"""What is derived from a release's secret: with it destroyed, nothing of the release can be read or matched again."""

import hmac
import os

SECRET_BYTES = 32


def new_secret() -> bytes:
    """Make the secret of one release."""
    return os.urandom(SECRET_BYTES)


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return the key of 32 bytes for one purpose: HMAC-SHA256 of its name under the secret."""
    return hmac.digest(secret, f"release v1\0{purpose}".encode(), "sha256")
