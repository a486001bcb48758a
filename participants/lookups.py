"""How women are found on this installation: hashes of what was written, under every master key in force."""

from collections.abc import Collection, Iterable, Iterator, Mapping

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


def digests_kept(identity: Identity, *, study_code: str) -> Digests:
    """Return the digests that belong beside her card: those that find her, and that of the district where she lives."""
    if not identity.home_district:
        return digests_of(identity)
    keys = sealing.configured_keyring().keys
    home = {key.id: vault.home_hash(key, study_code=study_code, district=identity.home_district) for key in keys}
    return {**digests_of(identity), Lookup.HOME_DISTRICT: home}


def digests_to_store(identity: Identity, *, study_code: str) -> dict[Lookup, bytes]:
    """Return the digests under the current master key, as they are stored beside its id."""
    current = sealing.configured_keyring().current.id
    return {kind: hashes[current] for kind, hashes in digests_kept(identity, study_code=study_code).items()}


def homes_among(hashes: Iterable[tuple[str, str, bytes]], districts: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (study code, district) for each woman who lives in one of the districts; `hashes` are code, key id, digest.

    A hash under a master key that is not configured cannot be compared: any of the districts may be hers.
    """
    keys = {key.id: key for key in sealing.configured_keyring().keys}
    for code, key_id, digest in hashes:
        key = keys.get(key_id)
        for district in districts:
            if key is None or vault.home_hash(key, study_code=code, district=district) == digest:
                yield code, district


def conflict_digests(staff: StaffIdentity) -> Digests:
    """Return the digests that a woman's case must not have for this officer to open her card."""
    return _digests(staff.conflict_texts)


def _digests(texts: Mapping[Lookup, str]) -> Digests:
    ring = sealing.configured_keyring()
    found = {kind: vault.lookup_hashes(ring, kind, text) for kind, text in texts.items()}
    return {kind: hashes for kind, hashes in found.items() if hashes}
