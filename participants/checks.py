"""Refuses to start with master keys that cannot be used."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from participants.sealing import configured_keyring
from participants.vault import VaultKeysInvalid


@register()
def vault_keys_are_usable(**kwargs: Any) -> list[CheckMessage]:
    """Report master keys that do not parse; the message repeats none of them."""
    try:
        configured_keyring()
    except VaultKeysInvalid as error:
        return [
            Error(str(error), hint="IVP_VAULT_KEYS: id:base64 of 32 bytes, several by commas", id="participants.E001")
        ]
    return []
