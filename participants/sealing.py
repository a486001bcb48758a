"""The vault on this installation: its master keys, and what is sealed with a woman's own data key."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from participants import vault
from participants.identity import Identity
from participants.models import Participant
from participants.vault import Keyring, WrappedKey

CARD = "card"


class IdentityErased(StudyError):
    """Her data key was destroyed: nothing that it sealed can be read again."""

    code = "identity_erased"
    message = _("Her personal data were erased and cannot be opened.")
    http_status = 409


def configured_keyring() -> Keyring:
    """Return the master keys of the settings. Raise vault.VaultKeysInvalid."""
    return _keyring(settings.VAULT_KEYS)


def open_card(participant: Participant) -> Identity:
    """Decrypt a woman's card. Whoever shows it to a person calls the service, which checks and records that.

    Raise IdentityErased, vault.VaultKeyMissing or vault.VaultTampered.
    """
    ciphertext = bytes(participant.sealed_card.ciphertext)
    data = vault.unseal(
        configured_keyring(), wrapped_key(participant), ciphertext, study_code=participant.study_code, purpose=CARD
    )
    return Identity.from_bytes(data)


def seal_text(participant: Participant, text: str, *, purpose: str) -> bytes | None:
    """Encrypt free text with her own key, for a field named by `purpose`; None for blank. Raise as `open_card`."""
    if not text.strip():
        return None
    key = wrapped_key(participant)
    return vault.seal(
        configured_keyring(), key, text.strip().encode(), study_code=participant.study_code, purpose=purpose
    )


def unseal_text(participant: Participant, sealed: bytes | memoryview | None, *, purpose: str) -> str:
    """Decrypt what `seal_text` sealed for the same woman and field; "" for None. Raise as `open_card`."""
    if sealed is None:
        return ""
    key = wrapped_key(participant)
    return vault.unseal(
        configured_keyring(), key, bytes(sealed), study_code=participant.study_code, purpose=purpose
    ).decode()


def wrapped_key(participant: Participant) -> WrappedKey:
    """Return her data key as it is stored, wrapped. Raise IdentityErased."""
    stored = participant.vault_key
    if stored.wrapped is None:
        raise IdentityErased
    return WrappedKey(stored.master_key_id, bytes(stored.wrapped))


@lru_cache(maxsize=4)
def _keyring(text: str) -> Keyring:
    return vault.parse_keyring(text)
