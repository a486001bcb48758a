import pytest

from participants.checks import vault_keys_are_usable


def test_keys_that_can_be_used_pass():
    assert vault_keys_are_usable() == []


@pytest.mark.parametrize("keys", ["", "geheim", "a:c2hvcnQ="])
def test_keys_that_cannot_be_used_stop_the_start_and_are_not_repeated(settings, keys):
    settings.VAULT_KEYS = keys

    (error,) = vault_keys_are_usable()

    assert error.id == "participants.E001"
    assert error.msg == "master key 1: expected an id, a colon and 32 bytes in base64"
