"""The keys by which this study's signatures are checked: the one that signs now, and those that signed before."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from audit.checkpoints import key_id, public_key, signing_key


def verifying_keys() -> dict[str, Ed25519PublicKey]:
    """Return the public keys by their short names, the one that signs now first. Raise SigningKeyInvalid."""
    now = signing_key(settings.AUDIT_SIGNING_KEY).public_key()
    return {key_id(key): key for key in (now, *map(public_key, settings.AUDIT_KEYS_BEFORE))}


def verifying_key(name: object) -> Ed25519PublicKey:
    """Return the key of this short name; for a name that the study never had, the key that signs now."""
    keys = verifying_keys()
    return keys.get(str(name), next(iter(keys.values())))
