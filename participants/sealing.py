"""The vault on this installation: its master keys, and what is sealed with a woman's own data key."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from participants import vault
from participants.identity import Identity, StaffIdentity
from participants.models import HeldSecret, Participant, StaffCard
from participants.vault import Keyring, VaultKeyMissing, VaultTampered, WrappedKey

logger = logging.getLogger(__name__)

CARD = "card"
STAFF_CARD = "staff card"


class IdentityErased(StudyError):
    """Her data key was destroyed: nothing that it sealed can be read again."""

    code = "identity_erased"
    message = _("Her personal data were erased and cannot be opened.")
    http_status = 409


class SealedDataUnreadable(StudyError):
    """The seal does not open: a master key is missing, or the row was altered or moved."""

    code = "sealed_data_unreadable"
    message = _("This cannot be opened: its seal does not fit. Tell the study's administrator; do not enter it again.")
    http_status = 409


def configured_keyring() -> Keyring:
    """Return the master keys of the settings. Raise vault.VaultKeysInvalid."""
    return _keyring(settings.VAULT_KEYS)


def open_card(participant: Participant) -> Identity:
    """Decrypt a woman's card. Whoever shows it to a person calls the service, which checks and records that.

    Raise IdentityErased or SealedDataUnreadable.
    """
    return Identity.from_bytes(_unsealed(participant, participant.sealed_card.ciphertext, CARD))


def seal_card(participant: Participant, identity: Identity) -> bytes:
    """Encrypt a woman's card with her own key. Raise as `open_card`."""
    return _sealed(participant, identity.to_bytes(), CARD)


def seal_text(participant: Participant, text: str, *, purpose: str) -> bytes | None:
    """Encrypt free text with her own key, for a field named by `purpose`; None for blank. Raise as `open_card`."""
    return _sealed(participant, text.strip().encode(), purpose) if text.strip() else None


def unseal_text(participant: Participant, sealed: bytes | memoryview | None, *, purpose: str) -> str:
    """Decrypt what `seal_text` sealed for the same woman and field; "" for None. Raise as `open_card`."""
    return "" if sealed is None else _unsealed(participant, sealed, purpose).decode()


def seal_bytes(participant: Participant, content: bytes, *, purpose: str) -> bytes:
    """Encrypt a document with her own key, for a field named by `purpose`. Raise as `open_card`."""
    return _sealed(participant, content, purpose)


def unseal_bytes(participant: Participant, sealed: bytes | memoryview, *, purpose: str) -> bytes:
    """Decrypt what `seal_bytes` sealed for the same woman and field. Raise as `open_card`."""
    return _unsealed(participant, sealed, purpose)


def wrapped_key(participant: Participant) -> WrappedKey:
    """Return her data key as it is stored, wrapped. Raise IdentityErased."""
    stored = participant.vault_key
    if stored.wrapped is None:
        raise IdentityErased
    return WrappedKey(stored.master_key_id, bytes(stored.wrapped))


def open_staff_card(card: StaffCard) -> StaffIdentity:
    """Decrypt what tells an officer's family and home. Raise SealedDataUnreadable."""
    with _told_apart(_staff_code(card.user_id)):
        data = vault.unseal(
            configured_keyring(),
            WrappedKey(card.master_key_id, bytes(card.wrapped)),
            bytes(card.ciphertext),
            study_code=_staff_code(card.user_id),
            purpose=STAFF_CARD,
        )
    return StaffIdentity.from_bytes(data)


def sealed_staff_card(user_id: int, identity: StaffIdentity) -> tuple[WrappedKey, bytes]:
    """Encrypt what tells an officer's family and home with a new key of its own; return the key and the ciphertext."""
    ring, code = configured_keyring(), _staff_code(user_id)
    key = vault.new_data_key(ring, study_code=code)
    return key, vault.seal(ring, key, identity.to_bytes(), study_code=code, purpose=STAFF_CARD)


def rewrapped_staff_key(card: StaffCard) -> WrappedKey:
    """Return a staff card's key wrapped by the current master key. Raise SealedDataUnreadable."""
    code = _staff_code(card.user_id)
    with _told_apart(code):
        key = WrappedKey(card.master_key_id, bytes(card.wrapped))
        return vault.rewrap(configured_keyring(), key, study_code=code)


def wrapped_secret(name: str, secret: bytes) -> WrappedKey:
    """Return a secret wrapped by the current master key, bound to its name."""
    return vault.wrap_secret(configured_keyring(), secret, name=name)


def secret_of(held: HeldSecret) -> bytes:
    """Return a held secret. Raise IdentityErased when it was destroyed, or SealedDataUnreadable."""
    if held.wrapped is None:
        raise IdentityErased
    with _told_apart(held.name):
        return vault.unwrap_secret(
            configured_keyring(), WrappedKey(held.master_key_id, bytes(held.wrapped)), name=held.name
        )


def seal_with_secret(secret: bytes, text: str, *, name: str, purpose: str) -> bytes:
    """Encrypt free text that is no woman's by code, with a held secret (`secret_of`) of that name."""
    return vault.seal_with(secret, text.encode(), name=name, purpose=purpose)


def unseal_with_secret(secret: bytes, sealed: bytes | memoryview, *, name: str, purpose: str) -> str:
    """Decrypt what `seal_with_secret` sealed for the same name and purpose. Raise SealedDataUnreadable."""
    with _told_apart(name):
        return vault.unseal_with(secret, bytes(sealed), name=name, purpose=purpose).decode()


def opens(participant: Participant, sealed: bytes, *, purpose: str) -> bool:
    """Say whether a sealed value opens for her and its field; the log says why not, and nothing of what it holds."""
    try:
        _unsealed(participant, sealed, purpose)
    except SealedDataUnreadable:
        return False
    return True


def rewrapped_key(participant: Participant) -> WrappedKey:
    """Return her data key wrapped by the current master key; what it sealed stays as it is. Raise as `open_card`."""
    key, code = wrapped_key(participant), participant.study_code
    with _told_apart(code):
        return vault.rewrap(configured_keyring(), key, study_code=code)


def _sealed(participant: Participant, plaintext: bytes, purpose: str) -> bytes:
    key, code = wrapped_key(participant), participant.study_code
    with _told_apart(code):
        return vault.seal(configured_keyring(), key, plaintext, study_code=code, purpose=purpose)


def _unsealed(participant: Participant, sealed: bytes | memoryview, purpose: str) -> bytes:
    key, code = wrapped_key(participant), participant.study_code
    with _told_apart(code):
        return vault.unseal(configured_keyring(), key, bytes(sealed), study_code=code, purpose=purpose)


def _staff_code(user_id: int) -> str:
    return f"staff {user_id}"


@contextmanager
def _told_apart(code: str) -> Iterator[None]:
    """Tell the log which row does not open and why; tell the person only that it does not."""
    try:
        yield
    except (VaultKeyMissing, VaultTampered) as error:
        logger.exception("the sealed data of %s do not open", code)
        raise SealedDataUnreadable from error


@lru_cache(maxsize=4)
def _keyring(text: str) -> Keyring:
    return vault.parse_keyring(text)
