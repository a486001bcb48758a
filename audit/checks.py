"""What must hold before the study starts: the audit can be signed."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from audit.checkpoints import SigningKeyInvalid, public_key, signing_key


@register
def signing_key_is_whole(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a secret that is no signing key."""
    try:
        signing_key(settings.AUDIT_SIGNING_KEY)
    except SigningKeyInvalid as error:
        return [Error(str(error), hint="IVP_AUDIT_KEY: 32 bytes in base64url", id="audit.E001")]
    return []


@register
def keys_of_before_are_whole(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with an earlier key by which no signature could be checked."""
    try:
        for written in settings.AUDIT_KEYS_BEFORE:
            public_key(written)
    except SigningKeyInvalid as error:
        hint = "IVP_AUDIT_KEYS_BEFORE: public keys in PEM, without their first and last lines, separated by commas"
        return [Error(str(error), hint=hint, id="audit.E002")]
    return []
