import base64
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants import vault
from participants.vault import Keyring, Lookup, MasterKey, VaultKeyMissing, VaultKeysInvalid, VaultTampered

OLD = MasterKey("2025", os.urandom(32))
NEW = MasterKey("2026", os.urandom(32))
RING = Keyring((NEW, OLD))
HER, ANOTHER = {"study_code": "P00001"}, {"study_code": "P00002"}
CARD, NOTE = {"purpose": "card"}, {"purpose": "note"}


@pytest.mark.requirement("F36")
@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again_and_only_as_it_was(plaintext: bytes) -> None:
    key = vault.new_data_key(RING, **HER)
    sealed = vault.seal(RING, key, plaintext, **HER, **CARD)

    assert vault.unseal(RING, key, sealed, **HER, **CARD) == plaintext
    assert len(sealed) == 12 + len(plaintext) + 16
    assert vault.seal(RING, key, plaintext, **HER, **CARD) != sealed


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_bit_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    key = vault.new_data_key(RING, **HER)
    sealed = bytearray(vault.seal(RING, key, plaintext, **HER, **CARD))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(VaultTampered):
        vault.unseal(RING, key, bytes(sealed), **HER, **CARD)


def test_sealed_data_does_not_open_for_another_woman_purpose_or_key() -> None:
    hers, anothers = vault.new_data_key(RING, **HER), vault.new_data_key(RING, **ANOTHER)
    sealed = vault.seal(RING, hers, b"name", **HER, **CARD)

    for key, woman, purpose in (
        (anothers, ANOTHER, CARD),  # her ciphertext moved to another row
        (hers, ANOTHER, CARD),  # ciphertext and key both moved
        (anothers, HER, CARD),  # another woman's key moved to her row
        (hers, HER, NOTE),  # moved to another field
    ):
        with pytest.raises(VaultTampered):
            vault.unseal(RING, key, sealed, **woman, **purpose)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(27)])
def test_truncated_data_is_noticed(sealed: bytes) -> None:
    key = vault.new_data_key(RING, **HER)

    with pytest.raises(VaultTampered):
        vault.unseal(RING, key, sealed, **HER, **CARD)


def test_master_key_is_needed_and_must_be_the_right_one() -> None:
    key = vault.new_data_key(RING, **HER)
    sealed = vault.seal(RING, key, b"name", **HER, **CARD)

    with pytest.raises(VaultKeyMissing, match="'2026' is not configured"):
        vault.unseal(Keyring((OLD,)), key, sealed, **HER, **CARD)
    with pytest.raises(VaultTampered):
        vault.unseal(Keyring((replace(NEW, secret=os.urandom(32)),)), key, sealed, **HER, **CARD)
    with pytest.raises(VaultTampered):
        vault.unseal(RING, replace(key, master_key_id="2025"), sealed, **HER, **CARD)


def test_a_new_master_key_takes_over_without_touching_what_is_sealed() -> None:
    before = Keyring((OLD,))
    key = vault.new_data_key(before, **HER)
    sealed = vault.seal(before, key, b"name", **HER, **CARD)
    digest = vault.lookup_hash(before, Lookup.DOCUMENT, "45678901")

    rewrapped = vault.rewrap(RING, key, **HER)

    assert rewrapped.master_key_id == "2026"
    assert vault.unseal(Keyring((NEW,)), rewrapped, sealed, **HER, **CARD) == b"name"
    assert vault.lookup_hashes(RING, Lookup.DOCUMENT, "45678901")["2025"] == digest


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (Lookup.DOCUMENT, "45678901", " 4567-8901 ", True),
        (Lookup.DOCUMENT, "ce 00a1", "CE00A1", True),
        (Lookup.DOCUMENT, "45678901", "45678902", False),
        (Lookup.TELEPHONE, "+51 987 654 321", "987654321", True),
        (Lookup.TELEPHONE, "0051987654321", "(987) 654-321", True),
        (Lookup.TELEPHONE, "512345678", "2345678", False),
        (Lookup.NAME, "Rosa María Quispe Ñahui", "quispe ñahui,  ROSA MARIA", True),
        (Lookup.NAME, "Rosa Quispe", "Rosa Quispe Quispe", False),
        (Lookup.AGGRESSOR_NAME, "Juan Pérez", "PEREZ, Juan", True),
        (Lookup.AGGRESSOR_DOCUMENT, "4567-8901", "45678901", True),
        (Lookup.HOUSEHOLD, "Jr. Los Jilgueros N° 123", "jirón los jilgueros 123", True),
        (Lookup.HOUSEHOLD, "Jr. Los Jilgueros 123", "Jr. Los Jilgueros 124", False),
    ],
)
def test_lookup_hash_finds_written_forms_of_the_same(kind: Lookup, one: str, other: str, same: bool) -> None:
    assert (vault.lookup_hash(RING, kind, one) == vault.lookup_hash(RING, kind, other)) is same


def test_lookup_hash_is_keyed_and_of_one_kind() -> None:
    digests = {
        vault.lookup_hash(RING, Lookup.DOCUMENT, "987654321"),
        vault.lookup_hash(RING, Lookup.TELEPHONE, "987654321"),
        vault.lookup_hash(Keyring((OLD,)), Lookup.DOCUMENT, "987654321"),
    }

    assert {len(digest or b"") for digest in digests} == {32}
    assert len(digests) == 3
    assert vault.lookup_hash(RING, Lookup.DOCUMENT, " - ") is None


def test_lookup_is_stored_under_the_first_key_and_searched_for_under_all() -> None:
    found = vault.lookup_hashes(RING, Lookup.NAME, "Rosa Quispe")

    assert list(found) == ["2026", "2025"]
    assert vault.lookup_hash(RING, Lookup.NAME, "Rosa Quispe") == found["2026"]
    assert vault.lookup_hashes(Keyring((OLD,)), Lookup.NAME, "Rosa Quispe") == {"2025": found["2025"]}
    assert vault.lookup_hashes(RING, Lookup.NAME, " ") == {}


def test_keys_are_read_in_either_base64_with_or_without_padding() -> None:
    standard, urlsafe = base64.b64encode(OLD.secret).decode(), base64.urlsafe_b64encode(OLD.secret).decode().rstrip("=")

    ring = vault.parse_keyring(f"2026:{base64.b64encode(NEW.secret).decode()},\n2025:{urlsafe}\n")

    assert ring == RING
    assert ring.current == NEW
    assert vault.parse_keyring(f"2025:{standard}").keys == (OLD,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "master key 1: expected an id, a colon and 32 bytes in base64"),
        ("a", "master key 1: expected an id, a colon and 32 bytes in base64"),
        ("a:c2hvcnQ=", "master key 1: expected an id, a colon and 32 bytes in base64"),
        ("a:***", "master key 1: expected an id, a colon and 32 bytes in base64"),
        (f"a:{'A' * 43}=,é:{'A' * 43}=", "master key 2: expected an id, a colon and 32 bytes in base64"),
        (f"a:{'A' * 43}=,a:{'B' * 43}=", "master key 2: the id a stands twice"),
    ],
)
def test_wrong_keys_are_refused_without_repeating_them(text: str, message: str) -> None:
    with pytest.raises(VaultKeysInvalid) as caught:
        vault.parse_keyring(text)

    assert str(caught.value) == message


def test_no_repr_shows_a_secret() -> None:
    key = vault.new_data_key(RING, **HER)

    assert repr(NEW) == "MasterKey(id='2026')"
    assert repr(key) == "WrappedKey(master_key_id='2026')"
