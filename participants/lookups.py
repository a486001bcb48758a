"""How women are found on this installation: hashes of what was written, under every master key in force."""

from collections.abc import Mapping

from participants import sealing, vault
from participants.identity import Identity, StaffIdentity
from participants.vault import Lookup

# By what, and under which master key (its id): the digest.
Digests = Mapping[Lookup, Mapping[str, bytes]]


def digests_of(identity: Identity) -> Digests:
    """Return the digests that find her, her household and the man she reported; kinds left blank are missing."""
    return _digests(identity.lookup_texts)


def digests_of_words(kind: Lookup, words: str) -> Digests:
    """Return the digests of what was typed to search by; empty for what has nothing to hash."""
    return _digests({kind: words})


def digests_to_store(identity: Identity) -> dict[Lookup, bytes]:
    """Return the digests under the current master key, as they are stored beside its id."""
    current = sealing.configured_keyring().current.id
    return {kind: hashes[current] for kind, hashes in digests_of(identity).items()}


def conflict_digests(staff: StaffIdentity) -> Digests:
    """Return the digests that a woman's case must not have for this officer to open her card."""
    return _digests(staff.conflict_texts)


def _digests(texts: Mapping[Lookup, str]) -> Digests:
    ring = sealing.configured_keyring()
    found = {kind: vault.lookup_hashes(ring, kind, text) for kind, text in texts.items()}
    return {kind: hashes for kind, hashes in found.items() if hashes}
