"""How women are found on this installation: hashes of what was written, under every master key in force."""

from collections.abc import Mapping

from participants import sealing, vault
from participants.identity import Identity
from participants.vault import Lookup

# By what, and under which master key (its id): the digest.
Digests = Mapping[Lookup, Mapping[str, bytes]]


def digests_of(identity: Identity) -> Digests:
    """Return the digests that find her, her household and the man she reported; kinds left blank are missing."""
    ring = sealing.configured_keyring()
    found = {kind: vault.lookup_hashes(ring, kind, text) for kind, text in identity.lookup_texts.items()}
    return {kind: hashes for kind, hashes in found.items() if hashes}


def digests_to_store(identity: Identity) -> dict[Lookup, bytes]:
    """Return the digests under the current master key, as they are stored beside its id."""
    current = sealing.configured_keyring().current.id
    return {kind: hashes[current] for kind, hashes in digests_of(identity).items()}
