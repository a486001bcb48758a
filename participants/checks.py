"""Refuses to start with master keys that cannot be used, or while a room does not follow what women end."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from participants import followers
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


@register()
def every_room_follows(**kwargs: Any) -> list[CheckMessage]:
    """Report the rooms that would go on when a woman pauses or leaves."""
    return [
        Error(
            f"{room} does not follow a woman's part in the study",
            hint="call participants.followers.follow_with in the ready() of its AppConfig",
            id="participants.E002",
        )
        for room in followers.missing_rooms()
    ]
