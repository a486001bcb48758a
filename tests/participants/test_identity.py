import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.identity import PADDED_BYTES, Identity


@given(st.builds(Identity, full_name=st.text(), address=st.text(max_size=800), do_not_approach_if=st.text()))
def test_identity_survives_being_written_and_tells_nothing_by_its_length(identity: Identity) -> None:
    data = identity.to_bytes()

    assert Identity.from_bytes(data) == identity
    assert len(data) % PADDED_BYTES == 0


def test_identity_reads_cards_sealed_before_a_field_was_added() -> None:
    assert Identity.from_bytes(b'{"full_name": "Rosa Quispe", "gone": "x"}') == Identity("Rosa Quispe")


@pytest.mark.requirement("F38")
@pytest.mark.parametrize(
    ("name", "initials"),
    [("Rosa Quispe", "R. Q."), ("ángela  del Río Soto", "Á. D."), ("Rosa", "R."), ("", "")],
)
def test_initials_are_all_that_lists_show(name: str, initials: str) -> None:
    assert Identity(name).initials == initials


def test_identity_has_no_readable_repr() -> None:
    assert repr(Identity("Rosa Quispe", document="45678901")) == "Identity(sealed)"
